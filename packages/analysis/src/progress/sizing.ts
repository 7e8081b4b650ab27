import {
  type Baseline,
  baselineOf,
  jointPower,
  type MetricArms,
  type PlannedGuardrail,
  type PlannedPrimary,
  requiredUnitsTogether,
  type Together,
} from "@telltale/stats";
import { pairUnits } from "../looks/methods.ts";
import { hasEqualArms, plannedTails } from "../moments/tails.ts";
import { sum, weightsOf } from "../plan/arms.ts";
import type { AnalysisPlan, PlannedMetric } from "../plan/plan.ts";

/** What the plan can find and show, by its metrics' means and spreads. */
export interface Sizing {
  /** Chance of "Ship" at the planned size when the smallest effects are there and no guardrail changes; null without one. */
  power: number | null;
  /** Units over all arms that the wanted power needs; null where no number does. */
  units: number | null;
  /** The metric that needs most, its key; null where that is unknown. */
  binding: string | null;
  /** Units over all arms that each metric needs by itself; those that are not planned for are left out. */
  alone: { metric: string; units: number }[];
  /** A metric that this plan never reads, its key: neither cap nor history says how far its values reach; null for none. */
  neverRead: string | null;
  /**
   * Metrics, their keys, that may be read later than the plan says: caps bound how far their values reach, but by the
   * mean of a denominator that is not known.
   */
  uncounted: string[];
}

/** A metric's mean and spread, and of a ratio the mean of its denominator over units, where it is known. */
export type MetricBaseline = Baseline & { denominator?: number | undefined };

/** Tests of the primary metrics that share alpha. */
function comparisonsOf({ metrics, arms, settings }: AnalysisPlan): number {
  const primary = metrics.filter(({ role }) => role === "primary").length;
  return settings.correct ? Math.max(1, primary * (arms.length - 1)) : 1;
}

/** Looks that are evenly spaced, as fractions of the planned size. */
function fractionsOf(looks: number): number[] {
  return Array.from({ length: looks }, (_, index) => (index + 1) / looks);
}

/** By the smallest treatment, the hardest to tell from the control; null where an arm has no share. */
function sharedPlan(plan: AnalysisPlan) {
  const [control = 0, ...treatments] = weightsOf(plan);
  const treatment = Math.min(...treatments);
  if (!(control > 0 && treatment > 0)) return null;
  const { method, alpha, looks } = plan.settings;
  const methods = {
    sequence: { kind: "sequence", plannedUnits: pairUnits(plan) },
    group: { kind: "group", fractions: fractionsOf(looks) },
    fixed: { kind: "fixed" },
  } as const;
  return { method: methods[method], alpha, shares: { control, treatment, all: control + sum(treatments) } };
}

function needsShowing(plan: AnalysisPlan, { role, margin, absoluteMargin }: PlannedMetric): boolean {
  return role === "guardrail" && plan.guardrails === "shown" && (margin > 0 || absoluteMargin !== null);
}

/** What "Ship" needs by the plan, with the metrics' keys in its order; null where a baseline is not known. */
function togetherOf(plan: AnalysisPlan, baselines: readonly (MetricBaseline | null)[]) {
  const shared = sharedPlan(plan);
  if (!shared) return null;
  const isBalanced = hasEqualArms(plan);
  const primary: (PlannedPrimary & { key: string })[] = [];
  const guardrails: (PlannedGuardrail & { key: string })[] = [];
  const uncounted: string[] = [];
  for (const [index, metric] of plan.metrics.entries()) {
    const { key, role, direction, minimumEffect, margin, absoluteMargin } = metric;
    const baseline = baselines[index] ?? null;
    const { value = 0, denominator = null } = baseline ?? {};
    const tails = baseline ? plannedTails(metric, { value, denominator, isBalanced }) : undefined;
    const own = { ...shared, tails: tails === "uncounted" ? undefined : tails };
    const isPlannedFor = (role === "primary" && minimumEffect !== null) || needsShowing(plan, metric);
    if (isPlannedFor && tails === "uncounted") uncounted.push(key);
    if (role === "primary" && minimumEffect !== null) {
      if (!baseline) return null;
      const lift = direction === "increase" ? minimumEffect : -minimumEffect;
      const tested = { ...own, baseline, sides: plan.settings.sides, comparisons: comparisonsOf(plan) };
      primary.push({ key, plan: tested, effect: { lift } });
    }
    if (needsShowing(plan, metric)) {
      if (!baseline) return null;
      const borne = absoluteMargin === null ? { relative: margin } : { absolute: absoluteMargin };
      guardrails.push({ key, plan: { ...own, baseline }, margin: borne, direction });
    }
  }
  return primary.length > 0 || guardrails.length > 0 ? { primary, guardrails, uncounted } : null;
}

/**
 * What the plan can find and show with these baselines, in the order of its metrics (mean and unit variance; see
 * `baselineOf` of the statistics), counting the units from which on skewed values are tolerated, by the metrics' caps
 * and histories. Null where nothing is planned for, or a baseline is not known. Before the start the
 * baselines come from history, while it runs from its control.
 */
export function sizingOf(plan: AnalysisPlan, baselines: readonly (MetricBaseline | null)[]): Sizing | null {
  const together = togetherOf(plan, baselines);
  if (!together) return null;
  const { uncounted } = together;
  const needed = requiredUnitsTogether(together, plan.settings.power);
  const power = plan.plannedUnits === null ? null : (jointPower(together, plan.plannedUnits)?.atLeast ?? null);
  const keyOf = (part: { role: "primary" | "guardrail"; index: number } | null) =>
    part ? ((part.role === "primary" ? together.primary : together.guardrails)[part.index]?.key ?? null) : null;
  if (needed.state !== "ok") {
    const binding = keyOf(needed.part);
    const neverRead = needed.state === "too_skewed" ? binding : null;
    return { power, units: null, binding, alone: [], neverRead, uncounted };
  }
  const alone = aloneOf(together, needed.alone);
  return { power, units: needed.all, binding: keyOf(needed.binding), alone, neverRead: null, uncounted };
}

function aloneOf(
  { primary, guardrails }: Together & { primary: { key: string }[]; guardrails: { key: string }[] },
  alone: { primary: number[]; guardrails: number[] },
): Sizing["alone"] {
  const named = (list: readonly { key: string }[], units: readonly number[]) =>
    list.flatMap(({ key }, index) => {
      const own = units[index];
      return own === undefined ? [] : [{ metric: key, units: own }];
    });
  return [...named(primary, alone.primary), ...named(guardrails, alone.guardrails)];
}

/** The control's mean and spread of every metric, as they are now. */
export function presentBaselines(metrics: readonly { input: MetricArms }[]): (MetricBaseline | null)[] {
  return metrics.map(({ input }) => {
    const baseline = baselineOf(input);
    return baseline && { ...baseline, denominator: denominatorOf(input) };
  });
}

/** The mean of a ratio's denominator in the control. */
function denominatorOf(input: MetricArms): number | undefined {
  if (input.kind === "adjusted_ratio") return input.arms[0]?.means.x;
  return input.kind === "ratio" || input.kind === "clustered" ? input.arms[0]?.meanX : undefined;
}
