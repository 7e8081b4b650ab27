import { isSame } from "../equality.ts";
import type { DraftPlan, PlanMetric } from "./plan.ts";

/** One operation on a draft's plan. Metrics are addressed by key, settings by name. */
export type PlanInstruction =
  | { kind: "setHypothesis"; hypothesis: string }
  /** Adds the metric as the last one, or takes the place of the one with its key. */
  | { kind: "setMetric"; metric: PlanMetric }
  | { kind: "removeMetric"; metric: string }
  /** These come first, in this order; others follow in theirs. */
  | { kind: "orderMetrics"; metrics: string[] }
  | { kind: "setSetting"; setting: string; value: unknown }
  /** It is the organisation's again. */
  | { kind: "resetSetting"; setting: string }
  | { kind: "setPlannedUnits"; plannedUnits: number | null };

/** The instructions that make one plan of another; empty exactly when they are the same. */
export function diffPlan(before: DraftPlan, after: DraftPlan): PlanInstruction[] {
  const { hypothesis, plannedUnits } = after;
  const kept = new Set(keysOf(after));
  const there = new Map(before.metrics.map((metric) => [metric.key, metric]));
  const parts: PlanInstruction[] = [
    ...(hypothesis === before.hypothesis ? [] : [{ kind: "setHypothesis" as const, hypothesis }]),
    ...keysOf(before).flatMap((metric) => (kept.has(metric) ? [] : [{ kind: "removeMetric" as const, metric }])),
    ...after.metrics.flatMap((metric) =>
      isSame(there.get(metric.key), metric) ? [] : [{ kind: "setMetric" as const, metric }],
    ),
    ...diffSettings(before.settings, after.settings),
    ...(plannedUnits === before.plannedUnits ? [] : [{ kind: "setPlannedUnits" as const, plannedUnits }]),
  ];
  const metrics = keysOf(after);
  const isOrdered = isSame(keysOf(applyToPlan(before, parts)), metrics);
  return isOrdered ? parts : [...parts, { kind: "orderMetrics", metrics }];
}

/** Settings that are undefined are not set. */
function diffSettings(before: DraftPlan["settings"], after: DraftPlan["settings"]): PlanInstruction[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((setting): PlanInstruction[] => {
    const value = after[setting];
    if (isSame(before[setting], value)) return [];
    return [value === undefined ? { kind: "resetSetting", setting } : { kind: "setSetting", setting, value }];
  });
}

/** Follows instructions, one after the other. */
export function applyToPlan(plan: DraftPlan, instructions: readonly PlanInstruction[]): DraftPlan {
  return instructions.reduce(follow, plan);
}

function follow(plan: DraftPlan, instruction: PlanInstruction): DraftPlan {
  switch (instruction.kind) {
    case "setHypothesis":
      return { ...plan, hypothesis: instruction.hypothesis };
    case "setPlannedUnits":
      return { ...plan, plannedUnits: instruction.plannedUnits };
    case "setMetric": {
      const byKey = new Map(plan.metrics.map((metric) => [metric.key, metric]));
      return { ...plan, metrics: [...byKey.set(instruction.metric.key, instruction.metric).values()] };
    }
    case "removeMetric":
      return { ...plan, metrics: plan.metrics.filter(({ key }) => key !== instruction.metric) };
    case "orderMetrics": {
      const byKey = new Map(plan.metrics.map((metric) => [metric.key, metric]));
      const keys = new Set([...instruction.metrics, ...byKey.keys()]);
      return { ...plan, metrics: [...keys].flatMap((key) => byKey.get(key) ?? []) };
    }
    case "setSetting":
      return { ...plan, settings: { ...plan.settings, [instruction.setting]: instruction.value } };
    default: {
      const { [instruction.setting]: _, ...settings } = plan.settings;
      return { ...plan, settings };
    }
  }
}

export function keysOf({ metrics }: DraftPlan): string[] {
  return metrics.map(({ key }) => key);
}
