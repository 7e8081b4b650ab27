import { beliefs } from "./beliefs.ts";
import { binomialBand } from "./binomial-band.ts";
import { estimators } from "./estimators.ts";
import { peeking } from "./peeking.ts";
import { seeded } from "./random.ts";
import type { Scenario } from "./scenario.ts";
import { splits } from "./splits.ts";
import { verdictErrors } from "./verdicts.ts";

/** How often something happened, beside how often chance alone makes it happen at the promised level. */
export interface Measured extends Omit<Scenario, "happens"> {
  count: number;
  runs: number;
  /** Exact central 99.9 % of the binomial distribution at the promised level. */
  band: { low: number; high: number };
  kept: boolean;
}

const BAND = 0.999;

const scenarios: readonly Scenario[] = [...peeking, ...estimators, ...beliefs, ...splits, ...verdictErrors];

/** A seed of its own for each scenario, which others that come or go do not change (FNV-1a). */
function seedOf(seed: number, { name, what }: Scenario): number {
  return [...`${name}: ${what}`].reduce(
    (hash, c) => Math.imul(hash ^ (c.codePointAt(0) ?? 0), 16_777_619),
    2_166_136_261 ^ seed,
  );
}

/** Runs every scenario, one after the other. */
export function* simulate(runs: number, seed: number): Generator<Measured> {
  for (const scenario of scenarios) {
    const { happens, ...told } = scenario;
    const random = seeded(seedOf(seed, scenario));
    let count = 0;
    for (let run = 0; run < runs; run++) if (happens(random)) count += 1;
    const band = binomialBand(runs, told.level, BAND);
    const few = count < band.low && (told.promise === "about" || told.promise === "at_least");
    const many = count > band.high && (told.promise === "about" || told.promise === "at_most");
    yield { ...told, count, runs, band, kept: !few && !many };
  }
}
