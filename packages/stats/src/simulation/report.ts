import { type MeasuredScenario, runRows } from "./harness.ts";
import type { Grid, Scenario } from "./scenario.ts";

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`.padStart(8);
}

function promised({ promise, band, runs: of }: MeasuredScenario): string {
  if (promise === "none") return "for comparison";
  const low = promise === "at_most" ? 0 : band.low / of;
  return `${percent(low)} to ${percent(promise === "at_least" ? 1 : band.high / of)}`;
}

/**
 * Runs the rows by the arguments of `npm run simulate -- [runs] [seed] [part of a name]` and prints each against its exact
 * band. @returns how many are outside; null where the arguments are none.
 */
export function reportRows(rows: readonly (Scenario | Grid)[], args: readonly string[]): number | null {
  const [runs = 2_000, seed = 20_261_125] = args.slice(0, 2).map(Number);
  if (!Number.isSafeInteger(runs) || runs < 100 || runs > 100_000 || !Number.isSafeInteger(seed)) {
    process.stderr.write("Usage: npm run simulate -- [runs, 100 to 100000] [seed] [part of a row's name]\n");
    return null;
  }
  process.stdout.write(
    `${runs} experiments a row, seed ${seed}; bands hold 99.9 % of chance at the promised level.\n\n`,
  );
  let broken = 0;
  for (const row of runRows(rows, { runs, seed, only: args[2] ?? "" })) {
    if (!row.kept) broken += 1;
    const [mark, name, what] = [row.kept ? "ok  " : "OUT ", row.name.padEnd(50), row.what.padEnd(20)];
    const ran = row.runs === runs ? "" : `; ${row.runs} runs`;
    const cell = row.worst ? `; worst of ${row.worst.of}: ${row.worst.cell}` : "";
    process.stdout.write(`${mark} ${name} ${what} ${percent(row.count / row.runs)}   ${promised(row)}${cell}${ran}\n`);
  }
  process.stdout.write(`\n${broken} outside their band.\n`);
  return broken;
}
