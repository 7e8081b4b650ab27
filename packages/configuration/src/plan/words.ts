import { type ConfigurationChange, changedFrom, describeChanges, quoted } from "../changes.ts";
import { percentOf } from "../metric/words.ts";
import { diffPlan, keysOf, type PlanInstruction } from "./change.ts";
import type { PlanConflict } from "./merge.ts";
import type { DraftPlan, PlanMetric } from "./plan.ts";

/** How settings are called, beginning with a small letter: this room does not know what they are. */
export interface SettingWords {
  nameSetting(setting: string): string;
  /** A value in words; of undefined: what counts where the experiment sets nothing. */
  describeValue(setting: string, value: unknown): string;
}

/** What differs from one plan to another, a line each: the one wording of its changes. */
export function listPlanChanges(before: DraftPlan, after: DraftPlan, words: SettingWords): ConfigurationChange[] {
  return diffPlan(before, after).map((instruction) => lineOf(instruction, before, after, words));
}

/** The change from one plan to another as a sentence; `NOTHING_CHANGED` when they are the same. */
export function describePlanChange(before: DraftPlan, after: DraftPlan, words: SettingWords): string {
  return describeChanges(listPlanChanges(before, after, words));
}

/** What two people both changed, in words: "hypothesis, metric revenue". */
export function describePlanConflicts(conflicts: readonly PlanConflict[], { nameSetting }: SettingWords): string {
  return conflicts
    .map((conflict) => {
      switch (conflict.part) {
        case "metric":
          return `metric ${conflict.metric}`;
        case "setting":
          return nameSetting(conflict.setting);
        case "order":
          return "order of metrics";
        default:
          return conflict.part === "hypothesis" ? conflict.part : "planned units";
      }
    })
    .join(", ");
}

function lineOf(
  instruction: PlanInstruction,
  before: DraftPlan,
  after: DraftPlan,
  words: SettingWords,
): ConfigurationChange {
  switch (instruction.kind) {
    case "setHypothesis":
      return changedFrom("Hypothesis", quoted(before.hypothesis), quoted(after.hypothesis));
    case "setPlannedUnits":
      return changedFrom("Planned units", unitsWords(before), unitsWords(after));
    case "setMetric": {
      const { metric } = instruction;
      const was = before.metrics.find(({ key }) => key === metric.key);
      const subject = `Metric ${metric.key}`;
      if (!was) return { kind: "added", subject, after: describePlanMetric(metric) };
      return changedFrom(subject, describePlanMetric(was), describePlanMetric(metric));
    }
    case "removeMetric": {
      const was = before.metrics.filter(({ key }) => key === instruction.metric);
      return {
        kind: "removed",
        subject: `Metric ${instruction.metric}`,
        before: was.map(describePlanMetric).join(", "),
      };
    }
    case "orderMetrics":
      return changedFrom("Order of metrics", keysOf(before).join(", "), keysOf(after).join(", "));
    default: {
      const { setting } = instruction;
      const written = ({ settings }: DraftPlan) => words.describeValue(setting, settings[setting]);
      const name = words.nameSetting(setting);
      return changedFrom(`${name.charAt(0).toUpperCase()}${name.slice(1)}`, written(before), written(after));
    }
  }
}

function unitsWords({ plannedUnits }: DraftPlan): string {
  return plannedUnits === null ? "none" : String(plannedUnits);
}

function describePlanMetric({ role, minimumEffect, margin, absoluteMargin }: PlanMetric): string {
  return [
    role,
    ...(minimumEffect === null ? [] : [`effect ${percentOf(minimumEffect)}`]),
    ...(margin === null ? [] : [`margin ${percentOf(margin)}`]),
    ...(absoluteMargin === null ? [] : [`absolute margin ${absoluteMargin}`]),
  ].join(", ");
}
