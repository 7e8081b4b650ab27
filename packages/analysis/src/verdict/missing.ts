import { type Case, nextLook } from "./case.ts";

/**
 * Units over all arms that are missing until the verdict may change: until the smallest arm has enough, until skewed
 * values are tolerated, until a guardrail is shown if its value stays, or until the planned size; of a plan that is
 * read at looks until the look that may tell. Null when that cannot be told.
 */
export function unitsMissing(own: Omit<Case, "missing" | "days">): number | null {
  const { inputs, facts, found } = own;
  const { plan } = inputs;
  const { units, planned } = facts.progress;
  const { smallestArm, minimum } = facts.units;
  if (found.code === "collecting" && smallestArm > 0 && smallestArm < minimum) {
    return Math.ceil(units * (minimum / smallestArm)) - units;
  }
  const atEnd = planned === null || planned <= units || plan.arms.length < 2 ? null : planned - units;
  const waiting = waitingFor(facts.treatments, found.reasons);
  const wanted = Math.max(0, ...waiting.map((times) => times ?? Number.POSITIVE_INFINITY)) * units;
  if (plan.settings.method === "group") {
    const look = nextLook(own, Number.isFinite(wanted) ? Math.min(wanted, planned ?? wanted) : (planned ?? 0));
    return look && look.units > units ? look.units - units : atEnd;
  }
  if (waiting.length === 0 || plan.settings.method === "fixed") return atEnd;
  return Number.isFinite(wanted) && wanted > units ? Math.ceil(wanted) - units : null;
}

type Facts = Case["facts"];

/** By how many times the units must grow for each of the things that are waited for; null where that is not known. */
function waitingFor(treatments: Facts["treatments"], reasons: Case["found"]["reasons"]): (number | null)[] {
  return reasons.flatMap((reason): (number | null)[] => {
    if (reason.code !== "guardrail_not_shown" && reason.code !== "guardrail_unknown" && reason.code !== "unknown") {
      return [];
    }
    const treatment = treatments[reason.treatment];
    const list = reason.code === "unknown" ? treatment?.primary : treatment?.guardrails;
    const comparison = list?.[reason.metric]?.comparison;
    if (comparison && (comparison.state === "too_skewed" || comparison.needs !== null)) {
      const both = comparison.control.n + comparison.treatment.n;
      return [comparison.needs === null || both === 0 ? null : comparison.needs / both];
    }
    return reason.code === "guardrail_not_shown" ? [reason.times] : [];
  });
}
