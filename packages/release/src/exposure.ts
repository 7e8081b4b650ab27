import { type ConfigServe, type ConfigSplit, describeParts } from "@telltale/configuration";
import { type ReleasePlan, WHOLE } from "./plan.ts";
import { growShare } from "./share.ts";
import type { ReleaseState } from "./state.ts";

/** What the released rule served before, and the line of buckets that it is released on. */
export interface RuleBaseline {
  serve: ConfigServe;
  line: Pick<ConfigSplit, "by" | "salt">;
}

/**
 * What a release starts from. A rule that splits keeps its line, so that everybody who has the variant keeps it; else
 * the line is the one that the rule gets when it is split by hand, the same each time, so that a release that is started
 * again serves the same units first.
 */
export function ruleBaselineOf(plan: ReleasePlan, serve: ConfigServe, flag: string): RuleBaseline {
  if ("split" in serve) return { serve, line: { by: serve.split.by, salt: serve.split.salt } };
  return { serve, line: { by: plan.by, salt: `${flag}/${plan.rule ?? "everyone"}` } };
}

/** Units that are served the variant in a state, in parts of 100,000; null: the baseline is served. */
export function exposedParts({ steps, holdbackParts }: ReleasePlan, { status, step }: ReleaseState): number | null {
  switch (status) {
    case "completed":
      return WHOLE;
    case "decommissioned":
      // One that was given up after a rollback serves nothing.
      return step < 0 ? null : WHOLE;
    case "running":
    case "paused":
    case "baking":
      return Math.min(steps[step]?.parts ?? WHOLE, WHOLE - holdbackParts);
    default:
      return null;
  }
}

/** What the released rule serves in a state. */
export function serveOf(plan: ReleasePlan, state: ReleaseState, { serve, line }: RuleBaseline): ConfigServe {
  const parts = exposedParts(plan, state);
  if (parts === null) return serve;
  if (parts === WHOLE) return { variant: plan.variant };
  const weights = "split" in serve ? serve.split.weights : [{ variant: serve.variant, parts: WHOLE }];
  return { split: { ...line, weights: growShare(weights, plan.variant, parts) } };
}

/** Units that the rule serves the variant before the release, parts of 100,000. */
export function partsBefore({ variant }: ReleasePlan, { serve }: RuleBaseline): number {
  if ("variant" in serve) return serve.variant === variant ? WHOLE : 0;
  return serve.split.weights.find((weight) => weight.variant === variant)?.parts ?? 0;
}

/** Why a rule cannot be released on, in sentences; empty when it can. */
export function checkStart(plan: ReleasePlan, baseline: RuleBaseline): string[] {
  const { serve } = baseline;
  if ("split" in serve) {
    const { experiment, share, layer } = serve.split;
    if (experiment) return [`The rule belongs to experiment "${experiment}". Stop or decide the experiment first.`];
    if (share || layer) {
      return ["The rule takes only a share of the units in. Take the share away first, or release another rule."];
    }
  }
  const before = partsBefore(plan, baseline);
  if (before === WHOLE) return [`The rule serves "${plan.variant}" to everybody already.`];
  const [first] = plan.steps;
  if (first && first.parts <= before) {
    return [`The rule serves "${plan.variant}" to ${describeParts(before)} already. Begin with a step above that.`];
  }
  if (WHOLE - plan.holdbackParts < before) return ["The holdback would take the variant from units that have it."];
  return [];
}
