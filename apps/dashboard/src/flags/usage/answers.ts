import { formatClock, formatCount } from "@telltale/ui";
import type { ChartTable, CountBarsProps, CountColumn } from "@telltale/ui/chart";
import type { Usage, Variant } from "../../query/outputs.ts";
import { variantPlace } from "../draft/serves.ts";

export type UsageWindow = "hour" | "day";
type Series = CountBarsProps["series"];

/** What each window is called, and what its steps are. */
export const WINDOWS = {
  hour: { words: "the last hour", step: "minute" },
  day: { words: "the last 24 hours", step: "hour" },
} as const;

/** The flag's variants, and behind them any that it has no longer but that was answered. */
export function answerSeries({ answers }: Usage, variants: readonly Variant[], off: string): Series {
  const known = new Set(variants.map(({ key }) => key));
  const gone = [...new Set(answers.map(({ variant }) => variant))].filter((variant) => !known.has(variant));
  return [
    ...variants.map(({ key }) => ({ name: key, at: variantPlace(variants, off, key) })),
    ...gone.map((name, at) => ({ name, at: variants.length + at })),
  ];
}

/** Every step of the window as a column, one count a series; steps without answers are there, empty. */
export function answerColumns({ from, to, stepSeconds, answers }: Usage, series: Series): CountColumn[] {
  const stepMs = stepSeconds * 1_000;
  const counts = new Map(answers.map(({ at, variant, count }) => [`${Date.parse(at)} ${variant}`, count]));
  const steps = Math.ceil((to.getTime() - from.getTime()) / stepMs);
  return Array.from({ length: steps }, (_, step) => {
    const at = from.getTime() + step * stepMs;
    return {
      at: new Date(at).toISOString(),
      label: formatClock(new Date(at)),
      counts: series.map(({ name }) => counts.get(`${at} ${name}`) ?? 0),
    };
  });
}

/** The same counts as figures, newest first. */
export function answerTable(columns: readonly CountColumn[], series: Series, step: string): ChartTable {
  const rows = columns.map(({ at, label, counts }) => [
    { text: label, value: at },
    ...counts.map((count) => ({ text: formatCount(count), value: count })),
  ]);
  return { columns: [`From (one ${step})`, ...series.map(({ name }) => name)], rows: rows.reverse() };
}

/** All answers of the window. */
export function countAnswers({ answers }: Usage): number {
  return answers.reduce((sum, { count }) => sum + count, 0);
}
