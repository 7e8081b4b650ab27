import type { MetricMoments } from "@telltale/events";
import { analyseMetric } from "@telltale/stats";
import { pairUnits } from "../looks/methods.ts";
import { armsBefore } from "../moments/metric-arms.ts";
import { tailsOf, tailsReadingOf } from "../moments/tails.ts";
import { countOf, momentsByArm } from "../plan/arms.ts";
import type { MissingRows } from "../plan/guardrail.ts";
import type { PlannedMetric } from "../plan/plan.ts";
import type { HealthCheck } from "../result/analysis.ts";
import { pWords } from "../verdict/words.ts";
import { finding, type HealthFacts, HOUR } from "./facts.ts";

/** Primary metrics and guardrails decide, so what is wrong with them takes the verdict's place. */
function gravity({ role }: PlannedMetric): "alarm" | "warning" {
  return role === "secondary" ? "warning" : "alarm";
}

/** Events that an arm should have had, by the others' rate, for their absence to say something: chance once in 20,000. */
const ENOUGH_EXPECTED = 10;

/** How many units of an arm have something of a metric; for means and ratios whether any has. */
function receivedOf(moments: MetricMoments | undefined): number {
  switch (moments?.form) {
    case "share":
      return moments.converted;
    case "mean":
      return moments.mean === 0 && moments.m2 === 0 ? 0 : moments.n;
    case "ratio":
      return moments.pair.meanX === 0 && moments.pair.meanY === 0 ? 0 : moments.pair.n;
    case "quantile":
      return moments.value === null ? 0 : moments.n;
    default:
      return 0;
  }
}

/**
 * Variants from which nothing of a metric came, although the others send enough for its absence to be no chance. Nothing
 * of errors may be a mended product or a lost event: only a person can tell.
 */
function silentArms({ inputs, plan, units }: HealthFacts, { key }: PlannedMetric): string[] {
  const moments = momentsByArm(plan, inputs.moments.variants, key);
  const received = moments.map(receivedOf);
  // Units of retention count when their days are over: before the first of them nothing is due.
  const isCounted = moments.some((own) => (own?.form === "share" ? own.n > 0 : own !== undefined));
  if (isCounted && received.every((count) => count === 0)) return plan.arms.map(({ variant }) => variant);
  return plan.arms.flatMap(({ variant }, arm) => {
    const own = units[arm] ?? 0;
    if ((received[arm] ?? 0) > 0 || own === 0) return [];
    const others = units.reduce((total, count, other) => (other === arm ? total : total + count), 0);
    const found = received.reduce((total, count, other) => (other === arm ? total : total + count), 0);
    return others > 0 && (found / others) * own >= ENOUGH_EXPECTED ? [variant] : [];
  });
}

/** Units are enough, and an hour has passed since the first of them. */
function isDue({ inputs, isEnough, to }: HealthFacts): boolean {
  return isEnough && to - Date.parse(inputs.moments.firstExposure ?? "") > HOUR;
}

/** Guardrails' variants from which nothing came that was due. */
export function missingRows(facts: HealthFacts): MissingRows {
  const { plan, inputs } = facts;
  const guardrails = isDue(facts) ? plan.metrics.filter(({ role }) => role === "guardrail") : [];
  const entries = guardrails.map((metric) => {
    const isNowhere = countOf(inputs.moments.events[metric.key]) === 0;
    return [metric.key, isNowhere ? plan.arms.map(({ variant }) => variant) : silentArms(facts, metric)] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * Metrics of which no event has come, from anybody or from one arm, although there are units enough and an hour has
 * passed. That an arm is silent is told of guardrails: of others it is a result.
 */
export function checkMissingRows(facts: HealthFacts): HealthCheck[] {
  const { inputs, plan } = facts;
  const { events } = inputs.moments;
  if (!isDue(facts)) {
    const why = facts.isRunning
      ? "Too early to miss events of a metric."
      : "It ended too early to miss events of a metric.";
    return [finding("missing_rows", "pending", why)];
  }
  const rows = missingRows(facts);
  const missing = plan.metrics.flatMap((metric) => {
    const { key, name } = metric;
    const checkIt =
      "Check that the application sends it under the name that the metric has, with the conditions' properties.";
    if (countOf(events[key]) === 0) {
      const sentence = `No event of ${name} has arrived since the start. ${checkIt}`;
      return [finding("missing_rows", gravity(metric), sentence, { metric: key })];
    }
    const silent = rows[key] ?? [];
    if (silent.length === 0) return [];
    if (silent.length === plan.arms.length) {
      const none = `Events of ${name} have arrived, but from no unit of this experiment. ${checkIt}`;
      return [finding("missing_rows", "alarm", none, { metric: key })];
    }
    const sentence = `No event of ${name} has arrived from ${silent.join(" and ")}, while other arms send it. ${checkIt}`;
    return [finding("missing_rows", "alarm", sentence, { metric: key })];
  });
  return missing.length > 0 ? missing : [finding("missing_rows", "ok", "Events of every metric have arrived.")];
}

/** Looks go on for weeks and must not alarm by chance: the test is a sequence's. */
const ALARM_BELOW = 0.001;

/** What came before exposure has no histogram: what the present values show says nothing about it. */
function readingBefore(inputs: HealthFacts["inputs"], metric: PlannedMetric) {
  return { ...tailsReadingOf(inputs, metric, inputs.moments.variants), own: null };
}

/** Smallest p of the arms' difference before exposure, over treatments; null where it cannot be tested. */
function pBefore({ inputs, plan }: HealthFacts, metric: PlannedMetric): number | null {
  const before = armsBefore(momentsByArm(plan, inputs.moments.variants, metric.key));
  if (!before) return null;
  const isConversion = metric.definition.kind === "conversion";
  const tails = isConversion ? undefined : tailsOf(metric, before, readingBefore(inputs, metric));
  const input = { ...before, role: "secondary", direction: "increase", ...(tails ? { tails } : {}) } as const;
  const method = { kind: "sequence", plannedUnits: pairUnits(plan) } as const;
  const { comparisons } = analyseMetric(input, { method, alpha: ALARM_BELOW });
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
      `The arms already differed in ${metric.name} before their units were exposed (${pWords(p)}). Look for units that were assigned by hand or carried over from an earlier experiment, and start again with a new assignment.`,
      { metric: metric.key, p },
    ),
  );
}
