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

/** So many exposures are remembered before all are forgotten; sending one again is harmless. */
const EXPOSURES_MAX = 20_000;

/**
 * Copies the context: changing it afterwards changes nothing here, so its units are encoded once.
 * @param exposures What the client's units have exposed already.
 */
export function createUnit(
  { current }: State,
  queue: Queue,
  emit: Listeners["emit"],
  exposures: Set<string>,
  context: EvaluationContext,
): Unit {
  let own: EvaluationContext = {};
  try {
    own = { ...context };
  } catch (cause) {
    emit("error", new Error("a context cannot be read and counts as empty", { cause }));
  }
  const units: UnitCache = new Map();
  const met: Record<string, string | undefined> = {};

  const expose = (flag: string, { variant = "", version, exposure }: Evaluation): void => {
    // Answers for this context differ by variant only: no need to spell out a key each time.
    if (!exposure || met[exposure.experiment] === variant) return;
    met[exposure.experiment] = variant;
    const key = JSON.stringify([variant, exposure]);
    if (exposures.has(key)) return;
    if (exposures.size >= EXPOSURES_MAX) exposures.clear();
    exposures.add(key);
    if (!queue.add({ type: "exposure", flag, variant, version, ...exposure })) {
      exposures.delete(key);
      met[exposure.experiment] = undefined;
    }
  };

  const ask = <T extends JsonValue>(flag: string, fallback: T): Evaluation<Widen<T>> => {
    const evaluation = evaluate(current(), flag, own, fallback, units);
    queue.count(flag, evaluation);
    expose(flag, evaluation);
    // The flag's type was checked against the default's.
    return evaluation as unknown as Evaluation<Widen<T>>;
  };

  return {
    evaluate: ask,
    value: (flag, fallback) => ask(flag, fallback).value,
    track(name, { value, properties } = {}) {
      const entries = (current()?.attributes ?? ["targetingKey"]).map((by) => [by, unitText(own, by)]);
      try {
        const units = JSON.parse(JSON.stringify(Object.fromEntries(entries)));
        if (JSON.stringify(units) === "{}") throw new Error("the context has no targetingKey");
        if (typeof name !== "string") throw new Error("its name is no text");
        if (!Number.isFinite(value ?? 0)) throw new Error("its value is no finite number");
        // A copy, and the proof that it is JSON: one bad event must not spoil a batch.
        const copy = properties && JSON.parse(JSON.stringify(properties));
        queue.add({ type: "track", name, units, value, properties: copy });
      } catch (cause) {
        emit("error", new Error(`track("${String(name)}") was ignored: ${cause}`, { cause }));
      }
    },
  };
}
