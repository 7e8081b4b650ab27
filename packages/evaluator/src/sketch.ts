import { encode, hashToBucket, LINE } from "./hash.ts";

/**
 * Distinct units in bounded space: the hashes of all units, or of a fair sample of them once they are too many (adaptive
 * sampling: Wegman 1984, Flajolet 1990). Plain JSON. Exact until the limit; beyond it a count's standard error is
 * 1.2 / sqrt(limit). A HyperLogLog of that size counts as well, but its increments are no whole units: what is kept here
 * are single units, so that a test may count each as one.
 */
export interface UnitSketch {
  /** How often the sample was halved: hashes below 2^(32 - halvings) are kept. 0 while every unit is. */
  halvings: number;
  /** Kept hashes, uint32, ascending, each once. */
  units: number[];
}

/** Units that one report of an SDK holds at most. */
export const REPORT_UNITS: number = 64;
/** Units that are remembered of one guard of a release at most. */
export const RELEASE_UNITS: number = 4_096;

/** No flag hashes units with this seed: who is treated must not decide who is sampled. */
const SEED = 0x736b6574;

/** A unit's hash, a uint32, as sketches keep it. */
export function sketchHash(unit: string): number {
  return hashToBucket(encode(unit), SEED);
}

/** A sketch of these hashes (each once), sampled until they are within the limit. */
export function sketchOf(hashes: Iterable<number>, limit: number, halvings = 0): UnitSketch {
  let end = LINE / 2 ** halvings;
  let units = [...new Set(hashes)].filter((hash) => hash < end).sort((a, b) => a - b);
  let times = halvings;
  while (units.length > limit) {
    times += 1;
    end /= 2;
    units = units.filter((hash) => hash < end);
  }
  return { halvings: times, units };
}

/** The sketch with one more unit; itself where it knows the unit, or does not sample it. */
export function addUnit(sketch: UnitSketch, unit: string, limit: number = REPORT_UNITS): UnitSketch {
  const { halvings, units } = sketch;
  const hash = sketchHash(unit);
  if (hash >= LINE / 2 ** halvings || units.includes(hash)) return sketch;
  return sketchOf([...units, hash], limit, halvings);
}

/**
 * The sketch of the units of both. It depends on the units alone: not on the order or grouping of merges, nor on how
 * often the same comes again.
 */
export function mergeSketches(a: UnitSketch, b: UnitSketch, limit: number): UnitSketch {
  return sketchOf([...a.units, ...b.units], limit, Math.max(a.halvings, b.halvings));
}

/** How many distinct units, about: exactly while `halvings` is 0. */
export function countUnits({ halvings, units }: UnitSketch): number {
  return units.length * 2 ** halvings;
}

/** Failing units that are new to a release, and what is remembered from now on. */
export interface NewUnits {
  treated: number;
  control: number;
  known: UnitSketch;
}

/**
 * Counts the units of a window that did not fail before, in either arm, and remembers them. Counts are whole units of the
 * sample: fair coins, as hashes know nothing of arms; never scale them up before a test. A unit of both arms counts in the
 * control, where it was first. The window is counted by the sample as it was before, so that what comes does not decide
 * how it is counted.
 */
export function countNew(
  known: UnitSketch,
  window: { treated: UnitSketch; control: UnitSketch },
  limit: number = RELEASE_UNITS,
): NewUnits {
  const halvings = Math.max(known.halvings, window.treated.halvings, window.control.halvings);
  const end = LINE / 2 ** halvings;
  const seen = new Set(known.units);
  const take = ({ units }: UnitSketch) => {
    const fresh = units.filter((hash) => hash < end && !seen.has(hash));
    for (const hash of fresh) seen.add(hash);
    return fresh.length;
  };
  const control = take(window.control);
  const treated = take(window.treated);
  return { treated, control, known: sketchOf(seen, limit, halvings) };
}

/** A stranger's value as a sketch; null when it is none, or holds more than the limit. */
export function readSketch(value: unknown, limit: number): UnitSketch | null {
  const { halvings, units } = (value ?? {}) as Partial<Record<keyof UnitSketch, unknown>>;
  if (!isWhole(halvings, 32) || !Array.isArray(units) || units.length > limit) return null;
  const end = LINE / 2 ** halvings;
  const isSound = units.every((hash, i) => isWhole(hash, end - 1) && (i === 0 || hash > units[i - 1]));
  return isSound ? { halvings, units } : null;
}

function isWhole(value: unknown, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
}
