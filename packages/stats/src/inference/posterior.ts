import { logNormalCdf, normalDensity, normalQuantile } from "../distributions/normal.ts";
import { SMALLEST_P } from "../distributions/p-value.ts";

/** A normal prior on the lift: fractions. Mean 0 and sd 0.1 until an organisation's own past lifts are known. */
export interface Prior {
  mean: number;
  sd: number;
}

/** What is believed of a lift after the data: not a p-value, and only as calibrated as the prior. */
export interface Posterior {
  mean: number;
  sd: number;
  /** The middle `level` of the belief. */
  low: number;
  high: number;
  level: number;
  /** Chance that the treatment is better, and that it is worse; both in (0, 1), each exact when it is small. */
  chanceToWin: number;
  chanceToLose: number;
  /** Expected lift lost by shipping the treatment, and by keeping the control. */
  lossOfShipping: number;
  lossOfKeeping: number;
}

/** Largest number under 1. */
const ALMOST_ONE = 1 - Number.EPSILON / 2;

function chance(z: number): number {
  return Math.min(ALMOST_ONE, Math.max(SMALLEST_P, Math.exp(logNormalCdf(z))));
}

/** sd phi(r) + mu Φ(r): the mean of what lies above 0; for r far below 0 by its asymptotic series. */
function above(mean: number, sd: number): number {
  const r = mean / sd;
  if (r > -20) return Math.max(0, sd * normalDensity(r) + mean * Math.exp(logNormalCdf(r)));
  const s = 1 / (r * r);
  // Σ (-1)^k (2k + 1)!! s^k: with s <= 1/400 the first term left out is below 1e-11 of the sum.
  return sd * normalDensity(r) * s * (1 - s * (3 - s * (15 - s * (105 - s * (945 - s * (10_395 - s * 135_135))))));
}

/**
 * Normal posterior of a lift by precision weighting of a normal estimate and a proper prior; null when the estimate has
 * no spread or the numbers leave the range. Throws RangeError for a prior without a positive sd: a flat prior is no prior.
 */
export function posterior(
  lift: { estimate: number; standardError: number },
  prior: Prior,
  { direction, alpha }: { direction: "increase" | "decrease"; alpha: number },
): Posterior | null {
  if (!(prior.sd > 0 && Number.isFinite(prior.sd) && Number.isFinite(prior.mean))) {
    throw new RangeError("A prior needs a finite mean and a positive standard deviation.");
  }
  const { estimate, standardError } = lift;
  if (!(standardError > 0)) return null;
  // The data's share of the weight, written so that neither precision overflows.
  const ratio = standardError / prior.sd;
  const share = 1 / (1 + ratio * ratio);
  const mean = prior.mean + share * (estimate - prior.mean);
  const sd = standardError * Math.sqrt(share);
  const good = direction === "increase" ? mean : -mean;
  const z = normalQuantile(alpha);
  const result: Posterior = {
    mean,
    sd,
    low: mean - z * sd,
    high: mean + z * sd,
    level: 1 - alpha,
    chanceToWin: chance(good / sd),
    chanceToLose: chance(-good / sd),
    lossOfShipping: above(-good, sd),
    lossOfKeeping: above(good, sd),
  };
  return Object.values(result).every(Number.isFinite) ? result : null;
}
