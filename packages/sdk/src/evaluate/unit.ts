import {
  type Evaluation,
  type EvaluationContext,
  evaluate,
  type JsonValue,
  type UnitCache,
  unitText,
} from "@telltale/evaluator";
import type { Listeners } from "../listeners.ts";
import type { Queue } from "../queue/queue.ts";
import type { State } from "../state/state.ts";

/** A default's type without its literal: `false` asks for a boolean. */
export type Widen<T> = T extends boolean ? boolean : T extends number ? number : T extends string ? string : T;

/** One context (a visitor, an account, a job), asked and told in its name. */
export interface Unit {
  /** The flag's value for this context; the default when it cannot be decided. */
  value<T extends JsonValue>(flag: string, fallback: T): Widen<T>;
  /** The value with variant, reason, rule and version; `error` says why the default was returned. */
  evaluate<T extends JsonValue>(flag: string, fallback: T): Evaluation<Widen<T>>;
  /**
   * Something happened: a purchase, a sign-up. Metrics are made of these.
   * Needs a unit in the context and, if there is a value, a finite one; otherwise an `error` event says so.
   */
  track(name: string, details?: { value?: number; properties?: Record<string, JsonValue> }): void;
}

export interface UnitParts {
  state: State;
  queue: Queue;
  listeners: Listeners;
  /** True the first time a unit meets a variant of an experiment. */
  firstExposure(key: string): boolean;
  forgetExposure(key: string): void;
}

/** The context is copied: changing it afterwards changes nothing here, so its units are encoded once. */
export function createUnit(
  { state, queue, listeners, firstExposure, forgetExposure }: UnitParts,
  context: unknown,
): Unit {
  const own = copyOf(context, listeners);
  const units: UnitCache = new Map();
  const exposed = new Map<string, string>();

  function ask<T extends JsonValue>(flag: string, fallback: T): Evaluation<Widen<T>> {
    const evaluation = evaluate(state.current, flag, own, fallback, units);
    queue.count(flag, evaluation);
    if (evaluation.exposure) expose(flag, evaluation, evaluation.exposure);
    // The flag's type was checked against the default's.
    return evaluation as unknown as Evaluation<Widen<T>>;
  }

  function expose(flag: string, { variant = "", version }: Evaluation, met: NonNullable<Evaluation["exposure"]>): void {
    const { experiment, unit, by } = met;
    if (exposed.get(experiment) === variant) return;
    exposed.set(experiment, variant);
    const key = JSON.stringify([experiment, variant, by, unit]);
    if (!firstExposure(key)) return;
    if (!queue.add({ type: "exposure", experiment, flag, variant, unit, by, version })) {
      exposed.delete(experiment);
      forgetExposure(key);
    }
  }

  return {
    evaluate: ask,
    value: (flag, fallback) => ask(flag, fallback).value,
    track(name, { value, properties } = {}) {
      const ids: Record<string, string> = {};
      for (const attribute of state.current?.attributes ?? ["targetingKey"]) {
        const id = unitText(own, attribute);
        if (id !== undefined) ids[attribute] = id;
      }
      try {
        if (Object.keys(ids).length === 0) throw new Error("the context has no targetingKey");
        if (value !== undefined && !Number.isFinite(value)) throw new Error("its value is no finite number");
        queue.add({
          type: "track",
          name,
          units: ids,
          ...(value !== undefined && { value }),
          // A copy, and the proof that it is JSON: one bad event must not spoil a batch.
          ...(properties && { properties: JSON.parse(JSON.stringify(properties)) }),
        });
      } catch (cause) {
        listeners.emit("error", new Error(`track("${name}") was ignored`, { cause }));
      }
    },
  };
}

function copyOf(context: unknown, listeners: Listeners): EvaluationContext {
  try {
    return { ...(context as EvaluationContext) };
  } catch (cause) {
    listeners.emit("error", new Error("a context could not be read and counts as empty", { cause }));
    return {};
  }
}
