/**
 * Why a number cannot be known:
 * - `no_data`: an arm has no units
 * - `not_enough_data`: too few units or clusters in an arm for a spread
 * - `zero_variance`: no spread in either arm: a difference, but nothing to judge it by
 * - `zero_denominator`: a ratio's denominator is 0 in an arm
 * - `impossible`: moments that no data can have (negative squares, more conversions than units, not a number)
 * - `out_of_range`: numbers too large or too small to compute with
 * - `too_skewed`: single values reach so far that the normal approximation does not hold with these units (see `Tails`)
 * - `ties`: values repeat, so that a quantile's error cannot be read off at this level
 * - `precision_lost`: plain sums in whose rounding the spread drowned (see `momentsFromSums`)
 */
export type UnknownState =
  | "no_data"
  | "not_enough_data"
  | "zero_variance"
  | "zero_denominator"
  | "impossible"
  | "out_of_range"
  | "too_skewed"
  | "ties"
  | "precision_lost";

/**
 * What to be careful about in a number that is known:
 * - `few_units`: under 10 units (values, clusters) in an arm
 * - `few_conversions`: under 5 conversions or non-conversions in an arm
 * - `few_clusters`: clusters, or units of a ratio, of an arm weigh less than 30 of equal size
 * - `denominator_near_zero`: a ratio's denominator is within 3 standard errors of 0
 * - `no_covariate`: what was before the experiment does not vary, so nothing was adjusted
 */
export type Warning = "few_units" | "few_conversions" | "few_clusters" | "denominator_near_zero" | "no_covariate";

export function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** n - 1 and sums of squares as data can have them. */
export function isPossible(n: number, squares: readonly number[], others: readonly number[]): boolean {
  return isCount(n) && squares.every((x) => Number.isFinite(x) && x >= 0) && others.every(Number.isFinite);
}
