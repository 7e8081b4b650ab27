import type { AnalysisPlan, PlannedMetric } from "../plan/plan.ts";
import type { Totals } from "../series/cumulate.ts";
import type { GroupLooks } from "./group-looks.ts";

const DAY = 86_400_000;

/** Milliseconds from a unit's exposure until its value is final; 0 where the metric has no window of its own. */
function untilFinal({ definition }: PlannedMetric): number {
  if (definition.kind === "retention") return (definition.toDay + 1) * DAY;
  return (definition.windowSeconds ?? 0) * 1_000;
}

/**
 * A fixed plan's one look, when the planned units have had the time that their metrics give them: the first step that
 * begins no earlier than the longest window after the planned units were in. Until then there is none, unless the
 * experiment ended before: then its end is the look.
 */
export function whenMature(
  look: GroupLooks,
  { metrics }: Pick<AnalysisPlan, "metrics">,
  totals: readonly Totals[],
  { hasEnded, over }: { hasEnded: boolean; over: number },
): GroupLooks {
  const wait = Math.max(0, ...metrics.map(untilFinal));
  if (look.fractions.length === 0 || wait === 0) return look;
  const reached = totals[look.step ?? totals.length - 1];
  const due = Date.parse(reached?.at ?? "") + wait;
  const step = totals.findIndex(({ at }) => Date.parse(at) >= due && (hasEnded || Date.parse(at) <= over));
  if (step >= 0) return { ...look, step: step === totals.length - 1 ? null : step };
  return hasEnded ? { ...look, step: null } : { fractions: [], step: null, isFinal: false };
}
