import type { QuantileReading } from "../../arms/quantile.ts";
import type { QuantileBound } from "../../arms/quantile-order.ts";
import { quantileLevels } from "../../moments/quantile.ts";
import { poisson, type Random, times } from "../random.ts";
import { ALPHA, compareMetric, fixed, type Grid, type GridWorld, isFound, sequence } from "../scenario.ts";

/** Whole numbers, how often each was seen; the index is the number. */
type Histogram = number[];

/** Critical values that readings are made for, out to what a sequence asks for early. */
const READ_AT = [0.5, 1, 1.5, 1.96, 2.4, 2.8, 3.2, 3.6, 4, 4.5, 5, 6];

const sizeOf = (counts: Histogram) => counts.reduce((sum, count) => sum + count, 0);

/** The number at a place (from 0) of the values in their order. */
function numberAt(counts: Histogram, place: number): number {
  let [number, seen] = [0, counts[0] ?? 0];
  while (seen <= place && number < counts.length - 1) {
    number += 1;
    seen += counts[number] ?? 0;
  }
  return number;
}

/** Type 7. */
function quantileOf(counts: Histogram, n: number, level: number): number {
  const at = (n - 1) * level;
  const [low, part] = [Math.floor(at), at - Math.floor(at)];
  const below = numberAt(counts, low);
  return part === 0 ? below : below + part * (numberAt(counts, Math.min(low + 1, n - 1)) - below);
}

function boundsOf(counts: Histogram, n: number, level: number): QuantileBound[] {
  const spread = Math.sqrt((level * (1 - level)) / n);
  const at = (where: number) => (where > 0 && where < 1 ? quantileOf(counts, n, where) : null);
  return READ_AT.map((z) => ({ z, low: at(level - z * spread), high: at(level + z * spread) }));
}

function read(counts: Histogram, level: number, hasBounds: boolean): QuantileReading {
  const n = sizeOf(counts);
  const { lower, upper } = quantileLevels(n, level);
  const value = quantileOf(counts, n, level);
  const ends = { lower: quantileOf(counts, n, lower), upper: quantileOf(counts, n, upper) };
  return { n, value, ...ends, ...(hasBounds ? { bounds: boundsOf(counts, n, level) } : {}) };
}

interface World {
  name: string;
  level: number;
  /** One value; with a lift of the treatment, a whole number added. */
  draw(random: Random): number;
}

const fourDice = (random: Random) => times(4, () => Math.floor(12 * random())).reduce((sum, face) => sum + face, 0);
const evenly = (random: Random) => Math.floor(10 * random());
/** F(4) of a Poisson number with a mean of 4: its quantile lies between 4 and 5. */
const BETWEEN_POISSON = Math.exp(-4) * (1 + 4 + 8 + 32 / 3 + 32 / 3);
const worlds: World[] = [
  { name: "1 to 10, the 90th percentile between 9 and 10", level: 0.9, draw: evenly },
  { name: "1 to 10, the median between 5 and 6", level: 0.5, draw: evenly },
  { name: "1 to 10, the 85th percentile at 9", level: 0.85, draw: evenly },
  { name: "a coin's median", level: 0.5, draw: (random) => (random() < 0.5 ? 0 : 1) },
  { name: "counts around 4, between 4 and 5", level: BETWEEN_POISSON, draw: (random) => poisson(random, 4) },
  { name: "counts around 4, the median", level: 0.5, draw: (random) => poisson(random, 4) },
  { name: "sums of four dice with 12 faces, the 90th percentile", level: 0.9, draw: fourDice },
];

function addValues(random: Random, counts: Histogram, n: number, { draw }: World, more = 0): void {
  for (let i = 0; i < n; i++) {
    const value = draw(random) + more;
    while (counts.length <= value) counts.push(0);
    counts[value] = (counts[value] ?? 0) + 1;
  }
}

function isDecided(world: World, arms: readonly Histogram[], looks: "once" | number, hasBounds: boolean): boolean {
  const [control, treatment] = arms.map((counts) => quantileOf(counts, sizeOf(counts), world.level));
  // Equal quantiles decide nothing: no need to ask.
  if (control === treatment) return false;
  const metric = {
    kind: "quantile" as const,
    level: world.level,
    arms: arms.map((counts) => read(counts, world.level, hasBounds)),
  };
  return compareMetric(metric, looks === "once" ? fixed : sequence(looks)).some(isFound);
}

const ONCE = 1_000;
const LOOKS = 30;
const PER_LOOK = 100;

/** An experiment read once, and one at 30 looks. */
function tied(world: World, hasBounds: boolean, more = 0): GridWorld {
  return {
    name: world.name,
    cells: ["once", `${LOOKS} looks`],
    happens: (random) => {
      const once: Histogram[] = [[], []];
      for (const [index, counts] of once.entries()) addValues(random, counts, ONCE, world, index * more);
      const arms: Histogram[] = [[], []];
      const looks = times(LOOKS, () => {
        for (const [index, counts] of arms.entries()) addValues(random, counts, PER_LOOK, world, index * more);
        return isDecided(world, arms, 2 * PER_LOOK * LOOKS, hasBounds);
      });
      return [isDecided(world, once, "once", hasBounds), looks.some(Boolean)];
    },
  };
}

const A_A = { what: "false positives", level: ALPHA, promise: "at_most", cost: 2 } as const;

/** Quantiles of whole numbers, most of which are alike. */
export const quantiles: Grid[] = [
  { name: "quantiles with ties", ...A_A, worlds: worlds.map((world) => tied(world, true)) },
  { name: "quantiles with ties, one level read only", ...A_A, worlds: worlds.map((world) => tied(world, false)) },
  {
    name: "quantiles with ties, two more of every value",
    what: "finds",
    level: 0.8,
    promise: "at_least",
    worlds: worlds.filter(({ name }) => !name.includes("coin")).map((world) => tied(world, true, 2)),
    cost: 2,
  },
];
