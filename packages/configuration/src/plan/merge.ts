import { isSame } from "../equality.ts";
import { applyToPlan, diffPlan, keysOf, type PlanInstruction } from "./change.ts";
import type { DraftPlan } from "./plan.ts";

/** What two people both changed, each in another way. `order` is that of metrics. */
export type PlanConflict =
  | { part: "hypothesis" | "plannedUnits" | "order" }
  | { part: "metric"; metric: string }
  | { part: "setting"; setting: string };

export interface MergedPlan {
  plan: DraftPlan;
  /** Empty where both edits stand side by side. Where not, `mine` stands. */
  conflicts: PlanConflict[];
}

/**
 * Puts two edits of the same base together, part by part. The order of metrics is a conflict only where both moved some
 * that the base has: metrics that both added follow one another.
 */
export function mergePlan(base: DraftPlan, mine: DraftPlan, theirs: DraftPlan): MergedPlan {
  const [own, others] = [diffPlan(base, mine), diffPlan(base, theirs)];
  const isMoved = { mine: !isSameOrder(base, mine, theirs), theirs: !isSameOrder(base, theirs, mine) };
  const conflicts = own.flatMap((instruction) => {
    const part = partOf(instruction);
    if (part.part === "order") return [];
    const other = others.find((one) => isSame(partOf(one), part));
    return other && !isSame(other, instruction) ? [part] : [];
  });
  const isTorn = isMoved.mine && isMoved.theirs && !isSameOrder(mine, theirs, base);
  // Who moved metrics of the base has the last word on their order.
  const orders = isMoved.theirs && !isMoved.mine ? [...own, ...others] : [...others, ...own];
  return {
    plan: applyToPlan(base, [
      ...[...others, ...own].filter(({ kind }) => kind !== "orderMetrics"),
      ...orders.filter(({ kind }) => kind === "orderMetrics"),
    ]),
    conflicts: [...conflicts, ...(isTorn ? [{ part: "order" as const }] : [])],
  };
}

function partOf(instruction: PlanInstruction): PlanConflict {
  switch (instruction.kind) {
    case "setHypothesis":
      return { part: "hypothesis" };
    case "setPlannedUnits":
      return { part: "plannedUnits" };
    case "setMetric":
      return { part: "metric", metric: instruction.metric.key };
    case "removeMetric":
      return { part: "metric", metric: instruction.metric };
    case "orderMetrics":
      return { part: "order" };
    default:
      return { part: "setting", setting: instruction.setting };
  }
}

/** Whether the metrics that all three have stand in the same order in the first two. */
function isSameOrder(a: DraftPlan, b: DraftPlan, third: DraftPlan): boolean {
  const [inA, inB, inThird] = [new Set(keysOf(a)), new Set(keysOf(b)), new Set(keysOf(third))];
  const ofBoth = keysOf(a).filter((key) => inB.has(key) && inThird.has(key));
  return isSame(
    ofBoth,
    keysOf(b).filter((key) => inA.has(key) && inThird.has(key)),
  );
}
