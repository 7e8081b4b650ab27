import type { Comparison } from "../inference/result.ts";
import { binomialBand } from "./binomial-band.ts";
import { seeded } from "./random.ts";
import { type Scenario, scenarios } from "./scenarios.ts";

/** Errors that were counted, beside those that chance alone leaves at the promised level. */
export interface Measured {
  name: string;
  what: "false positives" | "intervals that miss";
  errors: number;
  runs: number;
  promise: Scenario["promise"];
  /** Exact central 99.9 % of the binomial distribution at the promised level. */
  band: { low: number; high: number };
  kept: boolean;
}

const BAND = 0.999;

function isPositive({ outcome }: Comparison): boolean {
  return outcome === "better" || outcome === "worse";
}

function misses({ lift }: Comparison, truth: number): boolean {
  if (lift.state !== "bounded") return false;
  return truth < lift.low || truth > lift.high;
}

function count(
  scenario: Scenario,
  runs: number,
  seed: number,
  lift: number,
  isError: (found: Comparison) => boolean,
): number {
  const random = seeded(seed);
  let errors = 0;
  for (let run = 0; run < runs; run++) if (scenario.run(random, lift).some(isError)) errors += 1;
  return errors;
}

/** Runs every scenario: errors at a true lift of 0, and intervals that miss a true lift. */
export function simulate(most: number, seed: number): Measured[] {
  return scenarios.flatMap((scenario, index) => {
    const { name, promise, error } = scenario;
    const runs = Math.ceil(most * (scenario.share ?? 1));
    const band = binomialBand(runs, error, BAND);
    const measure = (what: Measured["what"], errors: number): Measured => {
      const kept = promise === "none" || (errors <= band.high && (promise === "at_most" || errors >= band.low));
      return { name, what, errors, runs, promise, band, kept };
    };
    const positive = measure("false positives", count(scenario, runs, seed + index, 0, isPositive));
    const truth = scenario.lift;
    if (truth === null) return [positive];
    const missed = count(scenario, runs, seed + 1_000 + index, truth, (found) => misses(found, truth));
    return [positive, measure("intervals that miss", missed)];
  });
}
