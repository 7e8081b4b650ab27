import { orderEnds, type QuantileOrder } from "../../arms/quantile-order.ts";
import type { Ends } from "./interval.ts";
import { type ArmInterval, moverDifference, moverLift, negateInterval } from "./mover.ts";

/** Both arms of a quantile, by the order of their values. */
export interface Orders {
  control: QuantileOrder;
  treatment: QuantileOrder;
}

/** A quantile of one arm with its limits; null on a side where the values were not read so far out. */
type Read = Ends & { value: number };

function readAt(order: QuantileOrder, critical: number): Read {
  return { value: order.value, ...orderEnds(order, critical) };
}

/** What was not read stands at the value itself: the end that needs it is left out. */
function filled({ value, low, high }: Read): ArmInterval {
  return { value, low: low ?? value, high: high ?? value };
}

/** The interval of the difference of two quantiles; an end is null where one of its two limits was not read. */
export function orderDifference(orders: Orders, critical: number): Ends {
  const [control, treatment] = [readAt(orders.control, critical), readAt(orders.treatment, critical)];
  const { low, high } = moverDifference(filled(control), filled(treatment));
  return {
    low: treatment.low === null || control.high === null ? null : low,
    high: treatment.high === null || control.low === null ? null : high,
  };
}

/** The same for the lift, whose ends are null also where the control cannot be distinguished from 0. */
export function orderLift(orders: Orders, critical: number): Ends {
  const [control, treatment] = [readAt(orders.control, critical), readAt(orders.treatment, critical)];
  if (control.value < 0) {
    const { low, high } = liftOf(negateInterval(control), negateInterval(treatment));
    return { low: high === null ? null : -high, high: low === null ? null : -low };
  }
  return liftOf(control, treatment);
}

/** For a control above 0: an end that is a positive ratio needs the control's opposite limit, a negative one the same. */
function liftOf(control: Read, treatment: Read): Ends {
  const ends = moverLift(filled(control), filled(treatment));
  if (ends.state === "unbounded") return { low: null, high: null };
  const forLow = (treatment.low ?? 0) > 0 ? control.high : control.low;
  const forHigh = (treatment.high ?? 0) > 0 ? control.low : control.high;
  return {
    low: treatment.low === null || forLow === null ? null : ends.low,
    high: treatment.high === null || forHigh === null ? null : ends.high,
  };
}

const STEPS = 60;
/** No critical value is larger. */
const MOST = 64;

/**
 * z at which the end of the difference that is nearer to 0 touches it, with the sign of the difference; what was not read
 * touches it.
 */
export function orderZ(orders: Orders): number {
  const sign = Math.sign(orders.treatment.value - orders.control.value);
  if (sign === 0) return 0;
  const excludes = (z: number) => {
    const { low, high } = orderDifference(orders, z);
    return sign > 0 ? low !== null && low > 0 : high !== null && high < 0;
  };
  let [low, high] = [0, MOST];
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (excludes(middle)) low = middle;
    else high = middle;
  }
  return sign * low;
}
