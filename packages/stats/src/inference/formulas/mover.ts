import type { LiftEnds } from "./fieller.ts";

/** A quantity of one arm and its interval. */
export interface ArmInterval {
  value: number;
  low: number;
  high: number;
}

/** The same where a limit may be unknown. */
type Partly = { value: number; low: number | null; high: number | null };

/** The interval of `treatment - factor * control` from those of both (MOVER, Zou & Donner 2008); for a factor >= 0. */
export function moverDifference(
  control: ArmInterval,
  treatment: ArmInterval,
  factor = 1,
): { low: number; high: number } {
  const estimate = treatment.value - factor * control.value;
  return {
    low: estimate - Math.hypot(treatment.value - treatment.low, factor * (control.high - control.value)),
    high: estimate + Math.hypot(treatment.high - treatment.value, factor * (control.value - control.low)),
  };
}

/** The root `sign` of ratio^2 a - 2 ratio product + c = 0, written so that it does not cancel. */
function root(a: number, product: number, c: number, sign: 1 | -1): number {
  const spread = Math.sqrt(Math.max(0, product * product - a * c));
  return sign * product > 0 ? (product + sign * spread) / a : c / (product - sign * spread);
}

/** (2 value - end) end: the square of the value less that of the distance to the end. */
const remnant = (value: number, end: number): number => end * (2 * value - end);

/**
 * The interval of the ratio as a lift (MOVER-R, Donner & Zou 2012): at a ratio of 1 its equations are those of the
 * difference, so both intervals exclude "no change" together. An end that is a negative ratio turns the control's side
 * round. Unbounded where the control cannot be distinguished from 0.
 */
export function moverLift(control: ArmInterval, treatment: ArmInterval): LiftEnds {
  if (control.value < 0) {
    const turned = moverLift(negateInterval(control), negateInterval(treatment));
    return turned.state === "bounded" ? { state: "bounded", low: -turned.high, high: -turned.low } : turned;
  }
  if (!(control.low > 0)) return { state: "unbounded" };
  const end = (of: number, sign: 1 | -1): number => {
    const isSameSide = of > 0 === sign > 0;
    const base = remnant(control.value, isSameSide ? control.low : control.high);
    return root(base, treatment.value * control.value, remnant(treatment.value, of), sign);
  };
  const [low, high] = [end(treatment.low, -1), end(treatment.high, 1)];
  const isBounded = Number.isFinite(low) && Number.isFinite(high);
  return isBounded ? { state: "bounded", low: low - 1, high: high - 1 } : { state: "unbounded" };
}

export function negateInterval(limits: ArmInterval): ArmInterval;
export function negateInterval(limits: Partly): Partly;
/** The same quantity with the other sign. */
export function negateInterval({ value, low, high }: Partly): Partly {
  return { value: -value, low: high === null ? null : -high, high: low === null ? null : -low };
}
