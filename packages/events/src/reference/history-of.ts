import type { MetricDefinition } from "@telltale/configuration";
import { query as simple } from "../fixtures.ts";
import type { HistoryQuery, ValueHistory } from "../history.ts";
import { referenceQuantile } from "./moments-of.ts";
import { type ObservedUnit, type StoredEvent, storedOnce, worthOf } from "./units.ts";

const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);

/** Units with any event in the window, and their tracks in it. */
function activeUnits(rows: readonly StoredEvent[], { by, from, to }: HistoryQuery): ObservedUnit[] {
  const units = new Map<string, ObservedUnit>();
  for (const row of storedOnce(rows)) {
    if (row.at < from.getTime() || row.at > to.getTime() || row.type === "evaluations") continue;
    const own = row.type === "exposure" && row.by === by ? row.unit : undefined;
    const name = row.type === "track" ? row.units[by] : own;
    if (name === undefined) continue;
    const unit = units.get(name) ?? { name, first: row.at, variants: new Set(), attribute: "", events: [] };
    if (row.type === "track") unit.events.push(row);
    units.set(name, unit);
  }
  return [...units.values()];
}

/** A metric's history by its definition, over raw rows; null where nothing can be said. */
export function historyOf(
  rows: readonly StoredEvent[],
  query: HistoryQuery,
  definition: MetricDefinition,
): ValueHistory | null {
  if (definition.kind === "quantile") return null;
  const worths = activeUnits(rows, query).flatMap(
    (unit) => worthOf(unit, definition, { ...simple, beforeDays: 0 }, query.to.getTime()) ?? [],
  );
  const isRatio = definition.kind === "ratio" || definition.kind === "mean";
  const cap = "cap" in definition && definition.cap && "at" in definition.cap ? definition.cap : { at: Infinity };
  const ys = worths.map(({ y }) => Math.min(y, cap.at));
  const xs = worths.map(({ x }) => (isRatio ? Math.min(x, cap.atDenominator ?? Infinity) : 1));
  const value = sum(ys) / sum(xs);
  const off = ys.map((y, k) => (y - value * (xs[k] ?? 0)) / (sum(xs) / xs.length));
  const unitVariance = sum(off.map((d) => d * d)) / off.length;
  if (!(unitVariance > 0)) return null;
  const proposed = (key: "y" | "x") => {
    const totals = worths.map((worth) => worth[key]).filter((total) => total !== 0);
    const high = referenceQuantile(totals, 0.999);
    return totals.length >= 100 && high !== null && high > 0 ? high : null;
  };
  const hasTotals = isRatio || definition.kind === "count" || definition.kind === "sum";
  return {
    units: off.length,
    value,
    unitVariance,
    skewness: sum(off.map((d) => Math.abs(d) ** 3)) / off.length / unitVariance ** 1.5,
    proposedCap: { y: hasTotals ? proposed("y") : null, x: isRatio ? proposed("x") : null },
  };
}
