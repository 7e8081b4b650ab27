import { analyseMetric } from "@telltale/stats";
import { armsBefore } from "../moments/metric-arms.ts";
import { countOf, momentsOf } from "../plan/arms.ts";
import type { PlannedMetric } from "../plan/plan.ts";
import type { HealthCheck } from "../result/analysis.ts";
import { pWords } from "../verdict/words.ts";
import { finding, type HealthFacts, HOUR } from "./facts.ts";

/** A primary metric decides, so what is wrong with it takes the verdict's place. */
function gravity({ role }: PlannedMetric): "alarm" | "warning" {
  return role === "primary" ? "alarm" : "warning";
}

/** Metrics of which no event has come from anybody, although there are units enough and an hour has passed. */
export function checkMissingRows({ inputs, plan, isEnough, to }: HealthFacts): HealthCheck[] {
  const { events, firstExposure } = inputs.moments;
  const isDue = isEnough && to - Date.parse(firstExposure ?? "") > HOUR;
  if (!isDue) return [finding("missing_rows", "pending", "Too early to miss events of a metric.")];
  const missing = plan.metrics.filter(({ key }) => countOf(events[key]) === 0);
  if (missing.length === 0) return [finding("missing_rows", "ok", "Events of every metric have arrived.")];
  return missing.map((metric) =>
    finding(
      "missing_rows",
      gravity(metric),
      `No event of ${metric.name} has arrived since the start. Check that the application sends it under the name that the metric has, with the conditions' properties.`,
      { metric: metric.key },
    ),
  );
}

/** Two or more looks a day for weeks must not alarm by chance. */
const ALARM_BELOW = 0.001;

/** Smallest p of the arms' difference before exposure, over treatments; null where it cannot be tested. */
function pBefore({ inputs, plan }: HealthFacts, { key }: PlannedMetric): number | null {
  const before = armsBefore(momentsOf(plan, inputs.moments.variants, key));
  if (!before) return null;
  const input = { ...before, role: "secondary", direction: "increase" } as const;
  const { comparisons } = analyseMetric(input, { method: { kind: "fixed" }, alpha: ALARM_BELOW });
  const ps = comparisons.flatMap(({ p }) => (p === null ? [] : [p]));
  return ps.length === 0 ? null : Math.min(1, Math.min(...ps) * ps.length);
}

/** Arms that differed before the experiment could do anything: they were not chosen by chance alone. */
export function checkPrePeriod(facts: HealthFacts): HealthCheck[] {
  if (!facts.isEnough)
    return [finding("pre_period_difference", "pending", "Too few units to compare the arms before.")];
  const tested = facts.plan.metrics.flatMap((metric) => {
    const p = pBefore(facts, metric);
    return p === null ? [] : [{ metric, p }];
  });
  if (tested.length === 0) {
    return [finding("pre_period_difference", "pending", "Nothing is known of the units before their exposure.")];
  }
  const differ = tested.filter(({ p }) => p < ALARM_BELOW);
  if (differ.length === 0) {
    const p = Math.min(...tested.map((own) => own.p));
    return [finding("pre_period_difference", "ok", "The arms were alike before the experiment.", { p })];
  }
  return differ.map(({ metric, p }) =>
    finding(
      "pre_period_difference",
      gravity(metric),
      `The arms already differed in ${metric.name} before they met a variant (${pWords(p)}). Look for units that were assigned by hand or carried over from an earlier experiment, and start again with a new assignment.`,
      { metric: metric.key, p },
    ),
  );
}
