import { type PairMoments, spreadOfDifference } from "../moments/pair-moments.ts";
import { linearise, type RatioWithPriorMoments } from "../moments/prior-ratio.ts";
import { type EstimatedArm, estimated, unknownArm } from "./estimate.ts";
import { pairProblem } from "./ratio.ts";
import type { UnknownState } from "./states.ts";

/** CUPED's answer for all arms of a metric. */
export interface Adjusted {
  arms: EstimatedArm[];
  /** The raw means, beside the adjusted ones. */
  raw: (number | null)[];
  /** The one slope on what was before; 0 when it does not vary. Null when nothing can be adjusted. */
  theta: number | null;
  /** Share of the unit variance that the adjustment takes away: rho^2, in [0, 1]. */
  varianceReduction: number | null;
}

function total(arms: readonly PairMoments[], of: (arm: PairMoments) => number): number {
  return arms.reduce((sum, arm) => sum + of(arm), 0);
}

/**
 * CUPED with one theta over all arms: sums of the within-arm cross products over those of the within-arm squares (the
 * slope of ANCOVA), so that the control's adjusted mean is the same in every comparison. Adjusted mean = mean(Y) -
 * theta (mean(X) - mean(X) of all units); unit variance sYY - 2 theta sXY + theta^2 sXX. The lift stays relative to the
 * control's raw mean, whose covariance with the adjusted one is kept. Deng, Xu, Kohavi & Walker, WSDM 2013.
 */
export function adjust(arms: readonly PairMoments[]): Adjusted {
  const problems = arms.map(pairProblem);
  const raw = arms.map((arm, index) => (problems[index] ? null : arm.meanY));
  const usable = arms.filter((_, index) => !problems[index]);
  const [xx, xy, yy] = [total(usable, (a) => a.xx), total(usable, (a) => a.xy), total(usable, (a) => a.yy)];
  const theta = xx > 0 ? xy / xx : 0;
  const units = total(usable, (a) => a.n);
  const meanX = usable.reduce((mean, a) => mean + a.meanX * (a.n / units), 0);
  const answers = arms.map((arm, index): EstimatedArm => problems[index] ?? adjustedArm(arm, theta, meanX, xx > 0));
  const rest = total(usable, (a) => spreadOfDifference(a, theta));
  const share = yy > 0 && Number.isFinite(rest) ? Math.min(1, Math.max(0, 1 - rest / yy)) : null;
  return { arms: answers, raw, theta: units > 0 && Number.isFinite(theta) ? theta : null, varianceReduction: share };
}

function adjustedArm(arm: PairMoments, theta: number, meanX: number, varies: boolean): EstimatedArm {
  const { n, meanY, yy, xy } = arm;
  const value = meanY - theta * (arm.meanX - meanX);
  if (n === 1) return unknownArm("not_enough_data", n, value);
  const perMean = 1 / (n - 1) / n;
  return estimated({
    n,
    value,
    variance: spreadOfDifference(arm, theta) * perMean,
    df: n - 1,
    base: { value: meanY, variance: yy * perMean, covariance: (yy - theta * xy) * perMean },
    warnings: varies ? [] : ["no_covariate"],
  });
}

/** CUPED for a ratio: both periods' ratios are linearised per arm, then adjusted as means. */
export function adjustRatios(arms: readonly RatioWithPriorMoments[]): Adjusted {
  const problems = arms.map(ratioProblem);
  const pairs = arms.map((arm, index) => (problems[index] ? null : linearise(arm)));
  const found = adjust(pairs.filter((pair) => pair !== null));
  const known = pairs.map((pair, index) =>
    pair ? pairs.slice(0, index).filter((other) => other !== null).length : -1,
  );
  return {
    ...found,
    arms: arms.map((arm, i) => found.arms[known[i] ?? -1] ?? unknownArm(problems[i] ?? "impossible", arm.n)),
    raw: arms.map((_, i) => found.raw[known[i] ?? -1] ?? null),
  };
}

function ratioProblem({ n, means, products }: RatioWithPriorMoments): UnknownState | null {
  const { y, x, y0, x0 } = means;
  const side = (meanY: number, meanX: number, yy: number, xx: number, xy: number) =>
    pairProblem({ n, meanY, meanX, yy, xx, xy })?.state;
  const now = side(y, x, products.yy, products.xx, products.yx);
  const problem = now ?? side(y0, x0, products.y0y0, products.x0x0, products.y0x0);
  if (problem) return problem;
  if (!Object.values(products).every(Number.isFinite)) return "impossible";
  return x === 0 || x0 === 0 ? "zero_denominator" : null;
}
