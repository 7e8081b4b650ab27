import { normalQuantile } from "../distributions/normal.ts";
import { type Moments, momentsOf } from "./moments.ts";

/**
 * Quantile of values sorted upwards, `level` in [0, 1]; null without values. Type 7 interpolates (R's default), type 1
 * takes a value that occurred (percentile_disc). Hyndman & Fan 1996.
 */
export function quantile(sorted: ArrayLike<number>, level: number, type: 1 | 7 = 7): number | null {
  const n = sorted.length;
  if (n === 0) return null;
  const at = type === 7 ? (n - 1) * level : Math.max(0, Math.ceil(n * level - 1e-9) - 1);
  const low = Math.floor(at);
  const below = sorted[low] ?? 0;
  const above = sorted[Math.min(low + 1, n - 1)] ?? below;
  return below + (at - low) * (above - below);
}

/** What must be read off an arm's values to know a quantile's error. */
export interface QuantileLevels {
  /** Levels of the values around the quantile: their distance is 2 z standard errors. */
  lower: number;
  upper: number;
  /** Fewest units at which both levels lie inside (0, 1). */
  minimumUnits: number;
}

/**
 * Levels nu +- z sqrt(nu(1 - nu)/n) of the outer interval at 95 %. Deng, Knoblich & Lu 2018. With fewer than
 * `minimumUnits` (381 for p99, 73 for p95) they are cut off and the quantile's error cannot be known.
 */
export function quantileLevels(n: number, level: number): QuantileLevels {
  const z = normalQuantile(0.05);
  const half = n > 0 ? z * Math.sqrt((level * (1 - level)) / n) : 1;
  const minimumUnits = Math.floor(z * z * Math.max(level / (1 - level), (1 - level) / level)) + 1;
  return { lower: Math.max(0, level - half), upper: Math.min(1, level + half), minimumUnits };
}

export interface Winsorized {
  /** Values above it count as it; null without values. One cap for all arms: a cap per arm makes false positives. */
  cap: number | null;
  arms: { moments: Moments; capped: number }[];
}

/**
 * Winsorises every arm at one quantile of all arms' values together (zeros included): type 7 interpolates, type 1 takes
 * a value that occurred. Throws RangeError for a level outside (0, 1]: a caller's bug.
 */
export function winsorize(arms: readonly (readonly number[])[], level: number, type: 1 | 7 = 7): Winsorized {
  if (!(level > 0 && level <= 1)) throw new RangeError(`A cap's level lies above 0 and is at most 1, not ${level}.`);
  const pooled = Float64Array.from(arms.flat()).sort();
  const cap = quantile(pooled, level, type);
  const top = cap ?? 0;
  return {
    cap,
    arms: arms.map((values) => ({
      moments: momentsOf(values.map((value) => Math.min(value, top))),
      capped: values.filter((value) => value > top).length,
    })),
  };
}
