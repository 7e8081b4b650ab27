const LEAST = 1.1;
const MOST = 50;
const COUNT = 32;

/** Rate ratios that a guard's test is sensitive to, times its limit: 1.1 to 50, evenly spaced in logarithms. */
export const RATIOS: readonly number[] = Array.from(
  { length: COUNT },
  (_, index) => LEAST * (MOST / LEAST) ** (index / (COUNT - 1)),
);

/** log of each of RATIOS. */
export const LOG_RATIOS: readonly number[] = RATIOS.map(Math.log);

/** log of the mean of exp(x) over a list, of which `missing` further members are exp(-Infinity). Never overflows. */
export function logMeanExp(list: readonly number[], missing = 0): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const x of list) most = Math.max(most, x);
  if (!Number.isFinite(most)) return most;
  let sum = 0;
  for (const x of list) sum += Math.exp(x - most);
  return most + Math.log(sum) - Math.log(list.length + missing);
}

/** Throws RangeError for an error level outside [1e-12, 1): a caller's bug. */
export function checkLevel(alpha: number): void {
  if (!(alpha >= 1e-12 && alpha < 1)) throw new RangeError(`alpha must lie between 0 and 1, not ${alpha}.`);
}
