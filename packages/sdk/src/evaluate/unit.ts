import {
  decide,
  type Evaluation,
  type EvaluationContext,
  type JsonValue,
  type Outcome,
  type Subject,
  subjectOf,
  unitOf,
} from "@telltale/evaluator";
import type { Listeners } from "../listeners.ts";
import type { Queue } from "../queue/queue.ts";
import type { State } from "../state/state.ts";
import type { Expose } from "./exposures.ts";

/** A default's type without its literal: `false` asks for a boolean. */
export type Widen<T> = T extends boolean ? boolean : T extends number ? number : T extends string ? string : T;

/** What `track` may be told besides the name. */
export interface TrackDetails {
  value?: number;
  properties?: Record<string, JsonValue>;
}

/** One context (a visitor, an account, a job), asked and told in its name. */
export interface Unit {
  /** The flag's value for this context; the default when it cannot be decided. */
  value<T extends JsonValue>(flag: string, fallback: T): Widen<T>;
  /** The value with variant, reason, rule and version; `error` says why the default was returned. */
  evaluate<T extends JsonValue>(flag: string, fallback: T): Evaluation<Widen<T>>;
  /** As `evaluate`, but nobody is told: neither counted nor an exposure. For rendering ahead, and for looking. */
  peek<T extends JsonValue>(flag: string, fallback: T): Evaluation<Widen<T>>;
  /**
   * Something happened: a purchase, a sign-up. Metrics are made of these.
   * Needs a unit in the context and, if there is a value, a finite one; otherwise an `error` event says so.
   */
  track(name: string, details?: TrackDetails): void;
}

/** What units share. */
export interface Surroundings {
  readonly state: State;
  /** Undefined when nothing is recorded. */
  readonly queue: Queue | undefined;
  readonly expose: Expose | undefined;
  readonly emit: Listeners["emit"];
}

/**
 * A class, as there may be one for every request: its methods are made once. They hold without `this` being looked
 * for elsewhere, so call them on the unit.
 */
export class ContextUnit implements Unit {
  readonly #around: Surroundings;
  readonly #subject: Subject;
  /** What this unit has met already. */
  #met: Set<Outcome> | undefined;

  /** Copies the context: changing it afterwards changes nothing here. */
  constructor(around: Surroundings, context: EvaluationContext) {
    this.#around = around;
    this.#subject = copyOf(context, around.emit);
  }

  value<T extends JsonValue>(flag: string, fallback: T): Widen<T> {
    return this.#ask(flag, fallback).evaluation.value as Widen<T>;
  }

  evaluate<T extends JsonValue>(flag: string, fallback: T): Evaluation<Widen<T>> {
    return this.#ask(flag, fallback).evaluation as unknown as Evaluation<Widen<T>>;
  }

  peek<T extends JsonValue>(flag: string, fallback: T): Evaluation<Widen<T>> {
    const { evaluation } = decide(this.#around.state.ruleset, flag, this.#subject, fallback);
    // The flag's type was checked against the default's.
    return evaluation as unknown as Evaluation<Widen<T>>;
  }

  #ask<T extends JsonValue>(flag: string, fallback: T): Outcome<T> {
    const { state, queue, expose } = this.#around;
    const outcome = decide(state.ruleset, flag, this.#subject, fallback);
    const { variant, exposure } = outcome.evaluation;
    if (queue && expose && variant !== undefined) {
      queue.count(outcome);
      if (exposure && !this.#met?.has(outcome) && expose(outcome, this.#subject)) {
        this.#met ??= new Set();
        this.#met.add(outcome);
      }
    }
    return outcome;
  }

  track(name: string, { value, properties }: TrackDetails = {}): void {
    const { state, queue, emit } = this.#around;
    try {
      const units: Record<string, string> = {};
      for (const by of state.ruleset?.attributes ?? ["targetingKey"]) {
        const unit = unitOf(this.#subject, by);
        if (unit) units[by] = unit.text;
      }
      if (!Object.keys(units).length) throw new Error("the context has no targetingKey");
      if (typeof name !== "string") throw new Error("its name is no text");
      if (!Number.isFinite(value ?? 0)) throw new Error("its value is no finite number");
      // A copy, and the proof that it is JSON: one bad event must not spoil a batch.
      const copy = properties && JSON.parse(JSON.stringify(properties));
      queue?.add({ type: "track", name, units, value, properties: copy });
    } catch (cause) {
      emit("error", new Error(`track("${String(name)}") was ignored: ${cause}`, { cause }));
    }
  }
}

function copyOf(context: EvaluationContext, emit: Listeners["emit"]): Subject {
  try {
    return subjectOf(context);
  } catch (cause) {
    emit("error", new Error("a context cannot be read and counts as empty", { cause }));
    return subjectOf({});
  }
}
