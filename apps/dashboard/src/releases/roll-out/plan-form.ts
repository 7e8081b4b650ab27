import { planOf, type ReleasePlan, type ReleaseStep, type Strategy, WHOLE } from "@telltale/release";
import type { FlagConfiguration } from "../../query/outputs.ts";

/** Ready-made ways to everybody; every number can be changed afterwards. */
export const PRESETS = [
  { value: "careful", label: "1 → 5 → 25 → 50 → 100 %" },
  { value: "halves", label: "5 → 25 → 50 → 100 %" },
  { value: "quick", label: "10 → 50 → 100 %" },
  { value: "immediate", label: "100 % at once" },
] as const;
export type Preset = (typeof PRESETS)[number]["value"];

const STEPS: Record<Preset, readonly [percent: number, minutes: number][]> = {
  careful: [
    [1, 10],
    [5, 20],
    [25, 60],
    [50, 120],
  ],
  halves: [
    [5, 24 * 60],
    [25, 24 * 60],
    [50, 24 * 60],
  ],
  quick: [
    [10, 10],
    [50, 10],
  ],
  immediate: [],
};

/** A plan by a preset, for the rule and the variant that are chosen. */
export function planByPreset(
  preset: Preset,
  chosen: Pick<ReleasePlan, "rule" | "variant"> & Partial<ReleasePlan>,
): ReleasePlan {
  const strategy: Strategy = preset === "immediate" ? "immediate" : "canary";
  const steps = STEPS[preset].map(([percent, minutes]) => ({ parts: percent * 1_000, holdSeconds: minutes * 60 }));
  return { ...planOf(strategy, chosen), steps, guards: chosen.guards ?? [] };
}

/** The plan with a step between its last one and 100 %. */
export function addStep(plan: ReleasePlan): ReleasePlan {
  const last = plan.steps.at(-1);
  const parts = last ? Math.round((last.parts + 100_000) / 2_000) * 1_000 : 10_000;
  const step: ReleaseStep = { parts: Math.min(parts, 99_000), holdSeconds: last?.holdSeconds ?? 600 };
  return { ...plan, strategy: "canary", steps: [...plan.steps, step] };
}

/** The plan without a step; without any it is an immediate one. */
export function removeStep(plan: ReleasePlan, at: number): ReleasePlan {
  const steps = plan.steps.toSpliced(at, 1);
  return { ...plan, steps, strategy: steps.length === 0 ? "immediate" : "canary" };
}

/** The plan with one guard more: errors first, then how long requests take, then whatever one names. */
export function addGuard(plan: ReleasePlan): ReleasePlan {
  const taken = new Set(plan.guards.map(({ metric }) => metric));
  const common = [
    { metric: "error", margin: 0, action: "roll back" as const },
    { metric: "latency", above: 1_000, margin: 0.1, action: "roll back" as const },
  ];
  const next = common.find(({ metric }) => !taken.has(metric)) ?? { metric: "", margin: 0, action: "pause" as const };
  return { ...plan, guards: [...plan.guards, next] };
}

/** What can be released: each rule that is no experiment's, and everyone else. */
export function releasable({ rules }: FlagConfiguration): { value: string; label: string; rule: string | null }[] {
  const open = rules.flatMap((rule, at) => {
    if ("split" in rule.serve && rule.serve.split.experiment) return [];
    return [{ value: `rule ${rule.id}`, label: `Rule ${at + 1}${rule.name ? `: ${rule.name}` : ""}`, rule: rule.id }];
  });
  return [...open, { value: "everyone", label: "Everyone else", rule: null }];
}

/** Units that a rule serves a variant now, parts of 100,000. */
function presentShare({ rules, serve: everyone }: FlagConfiguration, rule: string | null, variant: string): number {
  const serve = rule === null ? everyone : rules.find(({ id }) => id === rule)?.serve;
  if (!serve) return 0;
  if ("variant" in serve) return serve.variant === variant ? WHOLE : 0;
  return serve.split.weights.find((weight) => weight.variant === variant)?.parts ?? 0;
}

/** The plan without the steps that would serve no more units than are served now. */
export function aboveNow(plan: ReleasePlan, config: FlagConfiguration): ReleasePlan {
  const now = presentShare(config, plan.rule, plan.variant);
  const steps = plan.steps.filter(({ parts }) => parts > now);
  return { ...plan, steps, strategy: steps.length === 0 ? "immediate" : "canary" };
}

/** The variant that a rule serves to fewest: the one that is probably released. */
export function likelyVariant(config: FlagConfiguration, rule: string | null, variants: readonly string[]): string {
  const open = variants.filter((variant) => presentShare(config, rule, variant) < WHOLE);
  return open.find((variant) => variant !== config.off) ?? open[0] ?? "";
}
