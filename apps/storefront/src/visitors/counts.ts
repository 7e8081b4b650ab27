import { renameSync, writeFileSync } from "node:fs";

/** What the SDK says about its events. */
export interface Delivery {
  queued: number;
  acknowledged: number;
  refused: number;
  dropped: number;
}

export interface VisitCounts {
  run: string;
  people: number;
  /** By variant of `checkout-button`; "none" got no variant. */
  variants: Record<string, { people: number; buyers: number }>;
  events: Delivery;
  done: boolean;
}

export function emptyCounts(run: string): VisitCounts {
  return { run, people: 0, variants: {}, events: { queued: 0, acknowledged: 0, refused: 0, dropped: 0 }, done: false };
}

/** Counts one person. */
export function countPerson(counts: VisitCounts, variant: string | undefined, bought: boolean): void {
  counts.people++;
  const name = variant ?? "none";
  const seen = counts.variants[name] ?? { people: 0, buyers: 0 };
  counts.variants[name] = { people: seen.people + 1, buyers: seen.buyers + (bought ? 1 : 0) };
}

const figures = new Intl.NumberFormat("en-GB");
const figure = (count: number) => figures.format(count);

/** One line a second. */
export function progressLine(counts: VisitCounts, people: number, waiting: boolean): string {
  const { acknowledged, queued, refused, dropped } = counts.events;
  const line =
    `${figure(counts.people)} of ${figure(people)} people, ${figure(acknowledged)} events acknowledged, ` +
    `${figure(queued)} waiting, ${figure(refused)} refused, ${figure(dropped)} dropped`;
  return waiting ? `${line}; waiting for the edge` : line;
}

/** The end of a run, in words. */
export function summary(counts: VisitCounts): string {
  const variants = Object.entries(counts.variants)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, { people, buyers }]) => {
      const share = ((100 * buyers) / people).toFixed(2);
      return `  ${name.padEnd(10)} ${figure(people).padStart(10)} people, ${figure(buyers).padStart(8)} bought (${share} %)`;
    });
  const { acknowledged, refused, dropped } = counts.events;
  const events = `${figure(acknowledged)} acknowledged, ${figure(refused)} refused, ${figure(dropped)} dropped`;
  return [`Run ${counts.run}: ${figure(counts.people)} people`, ...variants, `  events: ${events}`, ""].join("\n");
}

/** Writes the counts so that a reader, or a kill at any moment, finds either the old or the new ones, whole. */
export function saveCounts(file: string, counts: VisitCounts): void {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(counts)}\n`);
  renameSync(draft, file);
}
