import type { Evaluation, EvaluationsEvent } from "@telltale/evaluator";

type Count = Omit<EvaluationsEvent, "type" | "id" | "time">;

/** How often each flag answered what since the last `take`. */
export interface Counts {
  readonly size: number;
  add(flag: string, evaluation: Evaluation): void;
  take(): Count[];
}

/** Answers without a variant (errors, nothing loaded yet) are not counted, so the keys are those of rulesets. */
export function createCounts(): Counts {
  let flags = new Map<string, Count[]>();
  return {
    get size() {
      return flags.size;
    },
    add(flag, { variant, rule = "", reason, version }) {
      if (variant === undefined) return;
      let counts = flags.get(flag);
      if (!counts) flags.set(flag, (counts = []));
      for (const count of counts) {
        if (count.variant === variant && count.rule === rule && count.reason === reason && count.version === version) {
          count.count++;
          return;
        }
      }
      counts.push({ flag, variant, rule, reason, version, count: 1 });
    },
    take() {
      const all = [...flags.values()].flat();
      flags = new Map();
      return all;
    },
  };
}
