import type { Evaluation, EvaluationContext } from "@telltale/evaluator";
import type { Client } from "./client.ts";
import { unitAround } from "./evaluate/unit.ts";

/** Called around every `value` and `evaluate`. One that throws changes nothing; `onError` hears of it. */
export interface Hooks {
  before?(flag: string, context: EvaluationContext): void;
  after?(flag: string, evaluation: Readonly<Evaluation>, context: EvaluationContext): void;
  onError?(cause: unknown): void;
}

/** The same client with hooks around its evaluations: for traces, logs, metrics. */
export function withHooks(client: Client, hooks: Hooks): Client {
  const call = (hook: (() => void) | undefined): void => {
    try {
      hook?.();
    } catch (cause) {
      try {
        hooks.onError?.(cause);
      } catch {
        // It was asked to tell, and could not.
      }
    }
  };
  return {
    ...client,
    for(context) {
      const unit = client.for(context);
      return unitAround(unit, {
        peek: unit.peek.bind(unit),
        evaluate(flag, fallback) {
          call(() => hooks.before?.(flag, context));
          const evaluation = unit.evaluate(flag, fallback);
          call(() => hooks.after?.(flag, evaluation, context));
          return evaluation;
        },
      });
    },
  };
}
