import { toP } from "../../distributions/p-value.ts";
import type { Correction } from "../infer.ts";

/** Indices of the tests that have a p, smallest first; the others leave the family. */
function ranked(logPs: readonly (number | null)[]): { index: number; logP: number }[] {
  return logPs
    .flatMap((logP, index) => (logP === null ? [] : [{ index, logP }]))
    .sort((a, b) => a.logP - b.logP || a.index - b.index);
}

/**
 * Holm 1979: p_(i) (m - i + 1), running maximum. Each interval has the level at which its test was decided:
 * alpha / (m - i + 1) where it was rejected, alpha / (m - R) for the rest, so that it excludes 0 exactly when the
 * corrected p is below alpha. (The intervals of rejected tests are per test; Holm has no simple simultaneous ones.)
 */
export function holm(logPs: readonly (number | null)[], alpha: number): (Correction | null)[] {
  const family = ranked(logPs);
  const corrections: (Correction | null)[] = logPs.map(() => null);
  let [largest, open] = [Number.NEGATIVE_INFINITY, 0];
  for (const [rank, { index, logP }] of family.entries()) {
    largest = Math.max(largest, logP + Math.log(family.length - rank));
    const adjustedP = toP(Math.min(0, largest));
    if (open === 0 && adjustedP >= alpha) open = family.length - rank;
    corrections[index] = { kind: "holm", level: alpha / (open || family.length - rank), adjustedP };
  }
  return corrections;
}

/**
 * Benjamini & Hochberg 1995: p_(i) m / i, running minimum from the top. Intervals have the level 1 - R alpha / m for R
 * selected tests (Benjamini & Yekutieli 2005), 1 - alpha / m when none is.
 */
export function benjaminiHochberg(logPs: readonly (number | null)[], alpha: number): (Correction | null)[] {
  const family = ranked(logPs);
  const m = family.length;
  let least = 0;
  const adjusted = family
    .map(({ index, logP }, rank) => ({ index, log: logP + Math.log(m / (rank + 1)) }))
    .reverse()
    .map(({ index, log }) => {
      least = Math.min(least, log);
      return { index, adjustedP: toP(least) };
    });
  const selected = adjusted.filter(({ adjustedP }) => adjustedP < alpha).length;
  const corrections: (Correction | null)[] = logPs.map(() => null);
  for (const { index, adjustedP } of adjusted) {
    corrections[index] = { kind: "benjamini_hochberg", level: (alpha * Math.max(1, selected)) / m, adjustedP };
  }
  return corrections;
}
