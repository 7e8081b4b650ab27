import type { MetricHistory, PlannedMetric } from "@telltale/analysis";
import type { ExperimentPlan } from "@telltale/control";
import type { EventStore, ValueHistory } from "@telltale/events";

/** Days of the past that say what a metric's values are like. */
const HISTORY_DAYS = 28;
/** Longest time the event store may take: a person waits. */
const LIMIT_SECONDS = 20;
const DAY_MS = 86_400_000;

/** A metric's past as it is frozen in a plan, and the cap that it proposes. */
export interface FrozenHistory {
  frozen: MetricHistory;
  proposedCap: ValueHistory["proposedCap"];
}

/** What the event store knows of a plan's metrics, by key, until `to`; null for those that it knows nothing about. */
export async function readHistories(
  events: Pick<EventStore, "history">,
  { plan, environmentId }: ExperimentPlan,
  to: Date,
): Promise<Record<string, FrozenHistory | null>> {
  const from = new Date(to.getTime() - HISTORY_DAYS * DAY_MS);
  const metrics = plan.metrics.map(({ key, definition }) => ({ key, definition }));
  const query = { environmentId, by: plan.unit, from, to, metrics, limitSeconds: LIMIT_SECONDS };
  const found = await events.history(query);
  return Object.fromEntries(plan.metrics.map(({ key }) => [key, describe(found[key] ?? null, from, to)]));
}

function describe(found: ValueHistory | null, from: Date, to: Date): FrozenHistory | null {
  if (!found || found.units === 0) return null;
  const { units, value, unitVariance, skewness, proposedCap } = found;
  const window = { from: from.toISOString(), to: to.toISOString() };
  return { frozen: { ...window, units, value, unitVariance, skewness }, proposedCap };
}

/** Kinds whose values have no bound of their own. */
const unbounded: PlannedMetric["definition"]["kind"][] = ["count", "sum", "mean", "ratio"];

/** Whether a decision by this metric waits for what is known of its past: nothing bounds how far its values reach. */
export function needsHistory({ definition }: PlannedMetric): boolean {
  const cap = "cap" in definition ? definition.cap : undefined;
  return unbounded.includes(definition.kind) && !(cap && "at" in cap);
}
