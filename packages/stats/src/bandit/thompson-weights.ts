import { panelNodes } from "../distributions/gauss-legendre.ts";
import { normalCdf, normalDensity } from "../distributions/normal.ts";

/** An arm's mean and the standard error of it, after n units. */
export interface BanditArm {
  n: number;
  mean: number;
  standardError: number;
}

export interface ThompsonOptions {
  direction: "increase" | "decrease";
  /** Least share of any arm. Default 0.01. */
  floor?: number;
  /** Below so many units in an arm all shares are equal. Default 100. */
  burnIn?: number;
}

/**
 * - `ok`: shares follow the chances to be best
 * - `burn_in`: an arm has too few units yet, shares are equal
 * - `zero_variance`: an arm has no spread, shares are equal
 * - `impossible`: numbers that no arm can have, shares are equal
 */
export interface ThompsonWeights {
  state: "ok" | "burn_in" | "zero_variance" | "impossible";
  /** Share of new units for each arm, in the order given; they add up to 1. */
  weights: number[];
  /** Chance that each arm is best; null unless the state is `ok`. */
  chances: number[] | null;
}

const REACH = 9;

/** P(arm is best) = integral of its density times the others' distribution functions. */
function chanceToBeBest(arm: BanditArm, others: readonly BanditArm[]): number {
  const crossings = others.flatMap((other) => {
    const [at, width] = [(other.mean - arm.mean) / arm.standardError, other.standardError / arm.standardError];
    return Array.from({ length: 17 }, (_, i) => at + (i - 8) * width);
  });
  const grid = Array.from({ length: 4 * REACH + 1 }, (_, i) => -REACH + i / 2);
  const ends = [...grid, ...crossings.filter((z) => Math.abs(z) < REACH)].sort((a, b) => a - b);
  return panelNodes(ends).reduce((sum, { at, weight }) => {
    const value = arm.mean + at * arm.standardError;
    const below = others.reduce((all, other) => all * normalCdf((value - other.mean) / other.standardError), 1);
    return sum + weight * normalDensity(at) * below;
  }, 0);
}

/**
 * Thompson sampling's shares by quadrature, to about 1e-10: weight = floor + (1 - K floor) P(arm is best), equal shares
 * while an arm has fewer than `burnIn` units. Compare arms within periods of equal shares only: means are biased after
 * adaptive ones. Throws RangeError when the floor leaves nothing to share.
 */
export function thompsonWeights(
  arms: readonly BanditArm[],
  { direction, floor = 0.01, burnIn = 100 }: ThompsonOptions,
): ThompsonWeights {
  if (!(floor >= 0 && floor * arms.length <= 1)) throw new RangeError(`A floor of ${floor} leaves nothing to share.`);
  const equal = (state: ThompsonWeights["state"]) => ({
    state,
    weights: arms.map(() => 1 / arms.length),
    chances: null,
  });
  const sound = ({ n, mean, standardError }: BanditArm) =>
    n >= 0 && Math.abs(mean) < 1e150 && standardError >= 0 && standardError < 1e150;
  if (!arms.every(sound)) return equal("impossible");
  if (arms.length === 0 || arms.some(({ n }) => n < burnIn)) return equal("burn_in");
  const scale = arms.reduce((most, arm) => Math.max(most, arm.standardError), 0);
  if (arms.some(({ standardError }) => standardError < 1e-9 * scale || standardError === 0))
    return equal("zero_variance");
  const sign = direction === "increase" ? 1 : -1;
  const turned = arms.map((arm) => ({ ...arm, mean: sign * arm.mean }));
  const raw = turned.map((arm, index) => chanceToBeBest(arm, [...turned.slice(0, index), ...turned.slice(index + 1)]));
  const whole = raw.reduce((sum, chance) => sum + chance, 0);
  if (!(whole > 0.5)) return equal("impossible");
  const chances = raw.map((chance) => chance / whole);
  return { state: "ok", weights: chances.map((chance) => floor + (1 - arms.length * floor) * chance), chances };
}
