import { binomialBand } from "./binomial-band.ts";
import { seeded } from "./random.ts";
import type { Grid, GridWorld, Scenario } from "./scenario.ts";

/** How often something happened, beside how often chance alone makes it happen at the promised level. */
export interface MeasuredScenario extends Omit<Scenario, "happens" | "cost"> {
  /** Of the worst cell. */
  count: number;
  runs: number;
  /** The worst cell of how many; null where there is one only. */
  worst: { cell: string; of: number } | null;
  /** Exact central 99.9 % of the binomial distribution at the promised level; of a grid for all its cells together. */
  band: { low: number; high: number };
  kept: boolean;
}

const BAND = 0.999;

/** A seed of its own for each world, which others that come or go do not change (FNV-1a). */
function seedOf(seed: number, name: string): number {
  return [...name].reduce((hash, c) => Math.imul(hash ^ (c.codePointAt(0) ?? 0), 16_777_619), 2_166_136_261 ^ seed);
}

function worldsOf(row: Scenario | Grid): readonly GridWorld[] {
  if ("worlds" in row) return row.worlds;
  return [{ name: "", cells: [""], happens: (random) => [row.happens(random)] }];
}

/** In how many of the experiments it happened, cell by cell. */
function countCells({ name, cells, happens }: GridWorld, runs: number, row: string, seed: number) {
  const random = seeded(seedOf(seed, name === "" ? row : `${row}: ${name}`));
  const counts = cells.map(() => 0);
  for (let run = 0; run < runs; run++) {
    for (const [index, it] of happens(random).entries()) if (it) counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts.map((count, index) => ({ count, cell: [name, cells[index]].filter(Boolean).join(", ") }));
}

/** Runs every row, one after the other; those whose name holds `only`. */
export function* runRows(
  rows: readonly (Scenario | Grid)[],
  { runs, seed, only = "" }: { runs: number; seed: number; only?: string },
): Generator<MeasuredScenario> {
  for (const row of rows.filter(({ name }) => name.includes(only))) {
    const { name, what, level, promise, cost = 1 } = row;
    const own = Math.ceil(runs / cost);
    const cells = worldsOf(row).flatMap((world) => countCells(world, own, `${name}: ${what}`, seed));
    const sign = promise === "at_least" ? -1 : 1;
    const [worst = { count: 0, cell: "" }] = cells.toSorted((a, b) => sign * (b.count - a.count));
    const band = binomialBand(own, level, 1 - (1 - BAND) / Math.max(1, cells.length));
    const few = worst.count < band.low && (promise === "about" || promise === "at_least");
    const many = worst.count > band.high && (promise === "about" || promise === "at_most");
    yield {
      name,
      what,
      level,
      promise,
      band,
      count: worst.count,
      runs: own,
      worst: cells.length > 1 ? { cell: worst.cell, of: cells.length } : null,
      kept: !few && !many,
    };
  }
}
