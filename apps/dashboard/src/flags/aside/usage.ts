import type { CountColumn } from "@telltale/ui/chart";
import type { Usage } from "../../query/outputs.ts";

const HOUR_MS = 3_600_000;
export const HOURS = 24;

/** The last 24 hours up to `nowMs` as columns, one count a variant; hours without answers are there, empty. */
export function usageColumns(usage: Usage, variants: readonly string[], nowMs: number): CountColumn[] {
  const counts = new Map<string, number>();
  for (const { hour, variant, count } of usage) {
    const key = `${Math.floor(new Date(hour).getTime() / HOUR_MS)} ${variant}`;
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  const last = Math.floor(nowMs / HOUR_MS);
  return Array.from({ length: HOURS }, (_, at) => {
    const hour = last - HOURS + 1 + at;
    return {
      label: `${new Date(hour * HOUR_MS).toISOString().slice(11, 16)} UTC`,
      counts: variants.map((variant) => counts.get(`${hour} ${variant}`) ?? 0),
    };
  });
}
