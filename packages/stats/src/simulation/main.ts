import { type Measured, simulate } from "./simulate.ts";

/** `npm run simulate -- <runs> <seed> <part of a name>`: error rates of every method against their exact bands. */
const [runs = 2_000, seed = 20_261_125] = process.argv.slice(2, 4).map(Number);
const only = process.argv[4] ?? "";
if (!Number.isSafeInteger(runs) || runs < 100 || runs > 100_000 || !Number.isSafeInteger(seed)) {
  process.stderr.write("Usage: npm run simulate -- [runs, 100 to 100000] [seed] [part of a row's name]\n");
  process.exit(2);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`.padStart(8);
}

function promised({ promise, band, runs: of }: Measured): string {
  if (promise === "none") return "for comparison";
  const low = promise === "at_most" ? 0 : band.low / of;
  return `${percent(low)} to ${percent(promise === "at_least" ? 1 : band.high / of)}`;
}

process.stdout.write(`${runs} experiments a row, seed ${seed}; bands hold 99.9 % of chance at the promised level.\n\n`);
let broken = 0;
for (const row of simulate(runs, seed, only)) {
  if (!row.kept) broken += 1;
  const [mark, name, what] = [row.kept ? "ok  " : "OUT ", row.name.padEnd(50), row.what.padEnd(20)];
  const ran = row.runs === runs ? "" : `; ${row.runs} runs`;
  const cell = row.worst ? `; worst of ${row.worst.of}: ${row.worst.cell}` : "";
  process.stdout.write(`${mark} ${name} ${what} ${percent(row.count / row.runs)}   ${promised(row)}${cell}${ran}\n`);
}
process.stdout.write(`\n${broken} outside their band.\n`);
process.exit(broken > 0 ? 1 : 0);
