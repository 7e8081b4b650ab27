import { orderEnds, type QuantileOrder } from "../../arms/quantile-order.ts";
import type { LiftEnds } from "./fieller.ts";
import { type Limits, moverDifference, moverLift } from "./mover.ts";

/** Both arms of a quantile, by the order of their values. */
export interface Orders {
  control: QuantileOrder;
  treatment: QuantileOrder;
}

/** Both arms' limits at a critical value, or why they cannot be told. */
function limitsAt({ control, treatment }: Orders, critical: number): [Limits, Limits] | null {
  const [c, t] = [orderEnds(control, critical), orderEnds(treatment, critical)];
  if (c.low === null || c.high === null || t.low === null || t.high === null) return null;
  return [
    { value: control.value, low: c.low, high: c.high },
    { value: treatment.value, low: t.low, high: t.high },
  ];
}

/** The interval of the difference of two quantiles; null where the values were not read so far out. */
export function orderDifference(orders: Orders, critical: number): { low: number; high: number } | null {
  const limits = limitsAt(orders, critical);
  return limits && moverDifference(...limits);
}

/** The same for the lift. */
export function orderLift(orders: Orders, critical: number): LiftEnds {
  const limits = limitsAt(orders, critical);
  return limits ? moverLift(...limits) : { state: "unbounded" };
}

const STEPS = 60;
/** No critical value is larger. */
const MOST = 64;

/** z at which the interval of the difference touches 0, with the sign of the difference; what was not read touches it. */
export function orderZ(orders: Orders): number {
  const sign = Math.sign(orders.treatment.value - orders.control.value);
  if (sign === 0) return 0;
  const excludes = (z: number) => {
    const ends = orderDifference(orders, z);
    return ends !== null && (sign > 0 ? ends.low > 0 : ends.high < 0);
  };
  let [low, high] = [0, MOST];
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (excludes(middle)) low = middle;
    else high = middle;
  }
  return sign * low;
}
