import { type PairMoments, spreadOfDifference } from "../moments/pair-moments.ts";
import { type EstimatedArm, estimated, type UnknownArm, unknownArm } from "./estimate.ts";
import { isPossible, type Warning } from "./states.ts";

const FEW_CLUSTERS = 30;
const NEAR_ZERO = 3;
/** |xy| may pass sqrt(xx yy) by rounding only. */
const ROUNDING = 1e-9;

/** What is wrong with moments of pairs, or null. */
export function pairProblem({ n, meanY, meanX, yy, xx, xy }: PairMoments): UnknownArm | null {
  if (!isPossible(n, [yy, xx], [meanY, meanX, xy])) return unknownArm("impossible");
  if (Math.abs(xy) > Math.sqrt(yy) * Math.sqrt(xx) * (1 + ROUNDING)) return unknownArm("impossible");
  return n === 0 ? unknownArm("no_data") : null;
}

/**
 * As how many units of equal size these weigh: n / (1 + cv^2) = (sum of X)^2 / (sum of X^2). The effective number of
 * clusters of Carter, Schnepel & Steigerwald 2017.
 */
function effectiveUnits({ n, meanX, xx }: PairMoments): number {
  return n / (1 + xx / n / meanX / meanX);
}

/**
 * A ratio of means R = mean(Y)/mean(X) over units, or a mean whose units come in clusters (Y = sum, X = size of a
 * cluster): var(R) = (sYY - 2R sXY + R^2 sXX) / (n mean(X)^2). Delta method; Deng, Knoblich & Lu 2018. For clusters it is
 * cluster-robust least squares (CR0) times K/(K - 1).
 */
export function ratioArm(pairs: PairMoments): EstimatedArm {
  const problem = pairProblem(pairs);
  if (problem) return problem;
  const { n, meanY, meanX, xx } = pairs;
  if (meanX === 0) return unknownArm("zero_denominator", n);
  const value = meanY / meanX;
  if (n === 1) return unknownArm("not_enough_data", n, value);
  const variance = spreadOfDifference(pairs, value) / (n - 1) / n / meanX / meanX;
  const warnings: Warning[] = [];
  if (effectiveUnits(pairs) < FEW_CLUSTERS) warnings.push("few_clusters");
  if (Math.abs(meanX) < NEAR_ZERO * Math.sqrt(xx / (n - 1) / n)) warnings.push("denominator_near_zero");
  return estimated({ n, value, variance, df: n - 1, warnings });
}

/**
 * A mean whose units come in clusters: their ratio, with the degrees of freedom of the clusters' effective number, since
 * a few large ones make the variance less sure than their count says (Bell & McCaffrey 2002, for independent units).
 */
export function clusterArm(pairs: PairMoments): EstimatedArm {
  const arm = ratioArm(pairs);
  return arm.state === "ok" ? { ...arm, df: effectiveUnits(pairs) - 1 } : arm;
}
