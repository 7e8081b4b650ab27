import {
  type AnalysisSettings,
  analyseMetrics,
  type Comparison,
  type MetricAnalysis,
  type MetricInput,
  readGuardrail,
} from "@telltale/stats";
import { armsOfSums } from "../moments/arms-of-sums.ts";
import { metricArms } from "../moments/metric-arms.ts";
import { type TailsReading, tailsOf, tailsReadingOf } from "../moments/tails.ts";
import { momentsByArm, peopleOf } from "../plan/arms.ts";
import type { PlannedMetric } from "../plan/plan.ts";
import type { StatisticalSettings } from "../plan/settings.ts";
import type { AnalysisInputs } from "../result/snapshot.ts";
import { cumulate, type Totals } from "../series/cumulate.ts";
import { type ClockReference, clockOf, clockReference, isSettled } from "./clock.ts";
import { compareAt, familyOf, unread } from "./compare.ts";
import { lookInformation } from "./information.ts";
import { type Methods, methodsOf } from "./methods.ts";
import { type PlannedLooks, plannedLooks } from "./planned-looks.ts";
import { follow } from "./running.ts";

/** A metric as one way of reading the moments gives it. */
export interface MetricReading {
  input: MetricInput;
  /** The present moments, read once. */
  now: MetricAnalysis;
  /** By treatment: the result, by the method and its looks. */
  results: Comparison[];
  /** What the results were made of: the present moments, or those of the look; null where it was not read there. */
  look: MetricInput | null;
}

/** One way of reading the moments: the plan's, or a requested one. */
export interface AnalysisReading {
  settings: StatisticalSettings;
  totals: Totals[];
  /** In the plan's order. */
  metrics: MetricReading[];
  /** By step, then metric, then treatment; null where a step's sums do not give the metric. */
  steps: (Comparison[] | null)[][];
  /** Looks that the results were made of. */
  looks: number;
  /** May the primary metrics be decided by now? */
  isReadable: boolean;
  /** No look is left in the plan. */
  isFinal: boolean;
  /** When the next planned look is read whose units are in, milliseconds since 1970; null for none. */
  due: number | null;
  /** How the primary metrics were tested. */
  method: AnalysisSettings;
}

/** The moments of every metric of some units, as the statistics take them. */
export function metricInputsOf(
  inputs: AnalysisInputs,
  variants: AnalysisInputs["moments"]["variants"],
  { cupedDays }: Pick<StatisticalSettings, "cupedDays">,
): MetricInput[] {
  const { plan } = inputs;
  return plan.metrics.map((metric) => {
    const moments = momentsByArm(plan, variants, metric.key);
    const arms = metricArms(metric, moments, cupedDays > 0);
    const tails = tailsOf(metric, arms, tailsReadingOf(inputs, metric, variants));
    const { role, direction } = metric;
    return { ...arms, role, direction, ...(tails ? { tails } : {}) };
  });
}

/** The same with the clocks that sequences over growing values count their information by. */
function withClocks(inputs: AnalysisInputs, now: readonly MetricInput[], reference: ClockReference): MetricInput[] {
  return now.map((input, index) => {
    const metric = inputs.plan.metrics[index];
    const clock = metric && clockOf(inputs, metric, input, reference);
    return clock ? { ...input, clock } : input;
  });
}

/** A step's sums as the statistics take them: its own tails, so that later values do not change how it is read. */
function inputsAt(
  metrics: readonly { metric: PlannedMetric; reading: TailsReading; input: MetricInput }[],
  totals: Totals,
): (MetricInput | null)[] {
  return metrics.map(({ metric, reading, input }, index) => {
    const isConversion = metric.definition.kind === "conversion";
    const arms = armsOfSums(input.kind, isConversion, totals.metrics[index] ?? []);
    if (!arms) return null;
    const tails = tailsOf(metric, arms, reading);
    const { role, direction, clock } = input;
    return { ...arms, role, direction, ...(tails ? { tails } : {}), ...(clock ? { clock } : {}) };
  });
}

/** The reference to hand on to the next run: see `clockReference`. */
export function referenceOf(inputs: AnalysisInputs): ClockReference {
  const { plan, moments } = inputs;
  return clockReference(
    inputs,
    metricInputsOf(inputs, moments.variants, plan.settings),
    cumulate(plan, moments.series),
  );
}

const pick = <T>(list: readonly T[], wanted: readonly boolean[]) => list.filter((_, index) => wanted[index]);

/** Puts two lists back into the order they were picked from. */
function merge<T>(wanted: readonly boolean[], yes: readonly T[], no: readonly T[]): T[] {
  let [a, b] = [0, 0];
  return wanted.flatMap((is) => {
    const next = is ? yes[a++] : no[b++];
    return next === undefined ? [] : [next];
  });
}

/**
 * Reads the moments by these settings. By `sequence` all metrics are read by a sequence; otherwise they are read at the
 * planned looks (`group`) or at the planned size (`fixed`), and stay as they were there. Guardrails are watched by a
 * sequence whatever the method is.
 */
export function readMoments(inputs: AnalysisInputs, settings: StatisticalSettings): AnalysisReading {
  const { plan, moments } = inputs;
  const methods = methodsOf(plan, settings);
  const totals = cumulate(plan, moments.series);
  const plain = metricInputsOf(inputs, moments.variants, settings);
  const now = withClocks(inputs, plain, clockReference(inputs, plain, totals));
  const read = plan.metrics.flatMap((metric, index) => {
    const input = now[index];
    if (!input) return [];
    // A step has sums alone: its own skewness is not known, and that of later values must not change how it is read.
    const reading = { ...tailsReadingOf(inputs, metric, moments.variants), own: null };
    return [{ metric, reading, input }];
  });
  const steps = totals.map((own) => ({ metrics: inputsAt(read, own), endsDay: own.endsDay }));
  const isFollowed = now.map(({ role }) => settings.method === "sequence" || role === "guardrail");

  const watched = pick(now, isFollowed);
  const atOnce = analyseMetrics(watched, methods.sequence);
  const ownSteps = steps.map((step) => ({ ...step, metrics: pick(step.metrics, isFollowed) }));
  const running = follow(watched, atOnce, ownSteps, methods.sequence, pick(plan.metrics.map(isSettled), isFollowed));
  const looks = looksOf(inputs, settings, totals);
  const all = { now, steps: steps.map(({ metrics }) => metrics), totals };
  const others = readOthers(all, methods, isFollowed);
  const look = looks.planned && atLook(inputs, all, settings, methods, looks.planned);
  const present = merge(isFollowed, atOnce, others.now);
  const results = merge(
    isFollowed,
    running.results,
    others.now.map(({ comparisons }) => comparisons),
  );
  return {
    settings,
    totals,
    metrics: now.map((input, index) => {
      const own = { input, now: present[index] ?? { comparisons: [], adjustment: null } };
      const read = resultsOf(plan.metrics[index], results[index] ?? [], look?.results[index] ?? null);
      return { ...own, results: read, look: look ? (look.metrics[index] ?? null) : input };
    }),
    steps: totals.map((_, index) => merge(isFollowed, running.steps[index] ?? [], others.steps[index] ?? [])),
    ...looks.told,
    method: look?.method ?? methods.sequence,
  };
}

/**
 * What counts of a metric: what was read at the look. Of a guardrail: harm beyond its margin that the watch has found, or
 * else the look, where it was read there; before any look the watch.
 */
function resultsOf(metric: PlannedMetric | undefined, watched: Comparison[], look: Comparison[] | null): Comparison[] {
  if (!look) return watched;
  if (metric?.role !== "guardrail") return look;
  return watched.map((found, index) => {
    const read = look[index];
    const isBroken = readGuardrail({ ...metric, comparison: found }).code === "guardrail_broken";
    return isBroken || !read || read.difference.state === "unknown" ? found : read;
  });
}

interface All {
  now: MetricInput[];
  steps: (MetricInput | null)[][];
  totals: Totals[];
}

/** Metrics that are not watched, read plainly: at present, and for the chart at the end of every step. */
function readOthers({ now, steps }: All, methods: Methods, isFollowed: readonly boolean[]) {
  const others = isFollowed.map((is) => !is);
  const own = pick(now, others);
  const none = { primary: 0, secondary: 0 };
  const plain = compareAt(own, methods.plain, none);
  return {
    now: analyseMetrics(own, methods.fixed),
    steps: steps.map((metrics, index) =>
      index === steps.length - 1 ? plain : compareAt(pick(metrics, others), methods.plain, none),
    ),
  };
}

interface Look {
  /** In the plan's order; null where it is not read at this look. */
  metrics: (MetricInput | null)[];
  results: (Comparison[] | null)[];
  method: AnalysisSettings;
}

/** The metrics at the last planned look, in the plan's order; null where one cannot be read there. */
function inputsAtLook(
  inputs: AnalysisInputs,
  { now, steps }: All,
  settings: StatisticalSettings,
  { step, isKept }: PlannedLooks,
): (MetricInput | null)[] {
  if (isKept && inputs.atLook) return metricInputsOf(inputs, inputs.atLook, settings);
  const hasEnded = inputs.status === "ended";
  const hasSums = (index: number) => steps.at(-1)?.[index] != null;
  return now.map((input, index) => {
    if (step !== null) return steps[step]?.[index] ?? (hasEnded ? input : null);
    return settings.method === "group" || hasEnded || hasSums(index) ? input : null;
  });
}

/** The same with the information at all looks, by which looks at growing values are less alike than their units are. */
function withLooks(
  { metrics, arms }: AnalysisInputs["plan"],
  read: readonly (MetricInput | null)[],
  { information }: PlannedLooks,
): (MetricInput | null)[] {
  return read.map((input, index) => {
    const key = metrics[index]?.key ?? "";
    return input && { ...input, looks: lookInformation(information, key, arms.length - 1) };
  });
}

/**
 * Results at the last planned look, null before the first one of a `fixed` plan (its present numbers are shown, and
 * decide nothing). Read from the moments as they stood there, which the store is asked for; where nobody asked, from the
 * series' sums, which do not give everything (quantiles, adjusted ratios).
 */
function atLook(
  inputs: AnalysisInputs,
  all: All,
  settings: StatisticalSettings,
  { fixed }: Methods,
  planned: PlannedLooks,
): Look | null {
  const { now } = all;
  const { fractions } = planned;
  const present = analyseMetrics(now, fixed);
  const isGroup = settings.method === "group";
  if (fractions.length === 0) {
    if (!isGroup) return null;
    const results = now.map(({ role }, index) =>
      role === "guardrail" ? null : (present[index]?.comparisons.map(unread) ?? []),
    );
    return { metrics: now.map(() => null), results, method: fixed };
  }
  const read = inputsAtLook(inputs, all, settings, planned);
  const metrics = isGroup ? withLooks(inputs.plan, read, planned) : read;
  const method: AnalysisSettings = isGroup ? { ...fixed, method: { kind: "group", fractions } } : fixed;
  const found = compareAt(metrics, method, familyOf(now, present));
  const results = found.map((own, index) => {
    if (own) return own;
    return now[index]?.role === "guardrail" ? null : (present[index]?.comparisons.map(unread) ?? []);
  });
  return { metrics, results, method };
}

interface Looks {
  planned: PlannedLooks | null;
  told: Pick<AnalysisReading, "looks" | "isReadable" | "isFinal" | "due">;
}

function looksOf(inputs: AnalysisInputs, settings: StatisticalSettings, totals: readonly Totals[]): Looks {
  const { plan, status, moments } = inputs;
  if (settings.method === "sequence") {
    const days = totals.filter(({ endsDay }) => endsDay).length;
    const looks = peopleOf(plan, moments).people > 0 ? Math.max(1, days) : 0;
    return { planned: null, told: { looks, isReadable: true, isFinal: status === "ended", due: null } };
  }
  const planned = plannedLooks(inputs, settings, totals);
  const { fractions, isFinal, due } = planned;
  const told = {
    looks: fractions.length,
    isReadable: fractions.length > 0,
    isFinal: status === "ended" || isFinal,
    due,
  };
  return { planned, told };
}
