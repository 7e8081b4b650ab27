import { analyseMetrics, type Comparison, type MetricInput, type MetricResult, type Settings } from "@telltale/stats";
import { armsOfSums } from "../moments/arms-of-sums.ts";
import { metricArms } from "../moments/metric-arms.ts";
import { momentsOf, peopleOf } from "../plan/arms.ts";
import type { AnalysisPlan } from "../plan/plan.ts";
import type { StatisticalSettings } from "../plan/settings.ts";
import type { AnalysisInputs } from "../result/snapshot.ts";
import { cumulate, type Totals } from "../series/cumulate.ts";
import { compareAt, familyOf, unread } from "./compare.ts";
import { type GroupLooks, groupLooks } from "./group-looks.ts";
import { type Methods, methodsOf } from "./methods.ts";
import { follow } from "./running.ts";

/** A metric as one way of reading the moments gives it. */
export interface MetricReading {
  input: MetricInput;
  /** The present moments, read once. */
  now: MetricResult;
  /** By treatment: the result, by the method and its looks. */
  results: Comparison[];
}

/** One way of reading the moments: the plan's, or one asked for. */
export interface Reading {
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
}

/** The present moments of every metric, as the statistics take them. */
export function inputsOf(
  plan: AnalysisPlan,
  variants: AnalysisInputs["moments"]["variants"],
  { cupedDays }: Pick<StatisticalSettings, "cupedDays">,
): MetricInput[] {
  return plan.metrics.map((metric) => ({
    ...metricArms(metric, momentsOf(plan, variants, metric.key), cupedDays > 0),
    role: metric.role,
    direction: metric.direction,
  }));
}

function inputsAt({ metrics }: AnalysisPlan, now: readonly MetricInput[], totals: Totals): (MetricInput | null)[] {
  return now.map((input, index) => {
    const arms = armsOfSums(input.kind, metrics[index]?.definition.kind === "conversion", totals.metrics[index] ?? []);
    return arms && { ...arms, role: input.role, direction: input.direction };
  });
}

/**
 * Whether a unit's value is final when the unit is counted: retention counts a unit once its days are over. Anything else
 * grows while the unit gets older.
 */
const isSettled = ({ definition }: AnalysisPlan["metrics"][number]) => definition.kind === "retention";

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
 * Reads the moments by these settings. Guardrails, and by `sequence` all metrics, are read by a sequence; the others
 * are read once (`fixed`) or at the planned looks (`group`), and their steps are shown plainly.
 */
export function readMoments(inputs: AnalysisInputs, settings: StatisticalSettings): Reading {
  const { plan, moments } = inputs;
  const methods = methodsOf(plan, settings);
  const totals = cumulate(plan, moments.series);
  const now = inputsOf(plan, moments.variants, settings);
  const steps = totals.map((own) => ({ metrics: inputsAt(plan, now, own), endsDay: own.endsDay }));
  const followed = now.map(({ role }) => settings.method === "sequence" || role === "guardrail");
  const others = followed.map((is) => !is);

  const watched = pick(now, followed);
  const atOnce = analyseMetrics(watched, methods.sequence);
  const ownSteps = steps.map((step) => ({ ...step, metrics: pick(step.metrics, followed) }));
  const running = follow(watched, atOnce, ownSteps, methods.sequence, pick(plan.metrics.map(isSettled), followed));
  const rest = readOthers(inputs, settings, methods, {
    now: pick(now, others),
    steps: steps.map(({ metrics }) => pick(metrics, others)),
    totals,
  });
  const present = merge(followed, atOnce, rest.now);
  const results = merge(followed, running.results, rest.results);
  return {
    settings,
    totals,
    metrics: now.map((input, index) => ({
      input,
      now: present[index] ?? { comparisons: [], adjustment: null },
      results: results[index] ?? [],
    })),
    steps: totals.map((_, index) => merge(followed, running.steps[index] ?? [], rest.steps[index] ?? [])),
    ...looksOf(inputs, settings, totals, rest.looks),
  };
}

interface Others {
  now: MetricInput[];
  steps: (MetricInput | null)[][];
  totals: Totals[];
}

function readOthers(inputs: AnalysisInputs, settings: StatisticalSettings, methods: Methods, own: Others) {
  const { now, steps, totals } = own;
  const present = analyseMetrics(now, methods.fixed);
  const none = { primary: 0, secondary: 0 };
  const plain = compareAt(now, methods.plain, none);
  const shown = steps.map((metrics, index) =>
    index === steps.length - 1 ? plain : compareAt(metrics, methods.plain, none),
  );
  if (settings.method !== "group") {
    return { now: present, results: present.map(({ comparisons }) => comparisons), steps: shown, looks: null };
  }
  const { plan, status, window, stepSeconds } = inputs;
  const over = Date.parse(window.to) - stepSeconds * 1_000;
  const looks = groupLooks(
    totals,
    { plannedUnits: plan.plannedUnits, looks: settings.looks },
    { isOver: (at) => Date.parse(at) <= over, hasEnded: status === "ended" },
  );
  const results = atLook(own, present, looks, { settings: methods.fixed, hasEnded: status === "ended" });
  return { now: present, results, steps: shown, looks };
}

/**
 * Results at the last planned look. What sums do not give (quantiles, adjusted ratios) is read at a look that is now,
 * and at the end.
 */
function atLook(
  { now, steps }: Others,
  present: MetricResult[],
  { fractions, step }: GroupLooks,
  { settings, hasEnded }: { settings: Settings; hasEnded: boolean },
): Comparison[][] {
  const unreadNow = present.map(({ comparisons }) => comparisons.map(unread));
  if (fractions.length === 0) return unreadNow;
  const metrics =
    step === null ? now : (steps[step]?.map((metric, index) => metric ?? (hasEnded ? now[index] : null) ?? null) ?? []);
  const found = compareAt(metrics, { ...settings, method: { kind: "group", fractions } }, familyOf(now, present));
  return unreadNow.map((nothing, index) => found[index] ?? nothing);
}

function looksOf(
  { plan, status, moments }: AnalysisInputs,
  { method }: StatisticalSettings,
  totals: readonly Totals[],
  group: GroupLooks | null,
): Pick<Reading, "looks" | "isReadable" | "isFinal"> {
  const { people } = peopleOf(plan, moments);
  const hasEnded = status === "ended";
  if (method === "sequence") {
    const days = totals.filter(({ endsDay }) => endsDay).length;
    return { looks: people > 0 ? Math.max(1, days) : 0, isReadable: true, isFinal: hasEnded };
  }
  if (group) {
    const isReadable = group.fractions.length > 0;
    return { looks: group.fractions.length, isReadable, isFinal: hasEnded || group.isFinal };
  }
  const isOver = hasEnded || (plan.plannedUnits !== null && people >= plan.plannedUnits);
  return { looks: isOver && people > 0 ? 1 : 0, isReadable: isOver, isFinal: isOver };
}
