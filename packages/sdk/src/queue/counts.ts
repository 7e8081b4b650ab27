import type { Evaluation, EvaluationsEvent } from "@telltale/evaluator";

type Count = Omit<EvaluationsEvent, "id" | "time">;

/** How often each flag answered what since the last `take`. */
export interface Counts {
  size(): number;
  add(flag: string, evaluation: Evaluation): void;
  take(): Count[];
}

/** Answers without a variant (errors, nothing loaded yet) are not counted, so the keys are those of rulesets. */
export function createCounts(): Counts {
  let flags = new Map<string, Count[]>();
  return {
    size: () => flags.size,
    add(flag, { variant, rule = "", reason, version }) {
      if (!variant) return;
      const counts = flags.get(flag) ?? [];
      for (const count of counts) {
        if (count.variant === variant && count.rule === rule && count.reason === reason && count.version === version) {
          count.count++;
          return;
        }
      }
      flags.set(flag, [...counts, { type: "evaluations", flag, variant, rule, reason, version, count: 1 }]);
    },
    take() {
      const all = [...flags.values()].flat();
      flags = new Map();
      return all;
    },
  };
}
