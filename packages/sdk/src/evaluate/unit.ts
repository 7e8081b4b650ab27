import {
  type Evaluation,
  type EvaluationContext,
  evaluationOf,
  type JsonValue,
  prepareSubject,
  type Resolution,
  resolveFlag,
  type Subject,
  unitOf,
} from "@telltale/evaluator";
import type { Listeners } from "../listeners.ts";
import { describeError } from "../platform.ts";
import type { Queue } from "../queue/queue.ts";
import type { RulesetState } from "../state/state.ts";
import type { Expose } from "./exposures.ts";

/** A default's type without its literal: `false` asks for a boolean. */
export type Widen<T> = T extends boolean ? boolean : T extends number ? number : T extends string ? string : T;

/**
 * Flags by key with the type of their values: empty, and any key goes with any default. `telltale types` writes a file
 * that fills it from the project's flags; an unknown flag or a wrong default is then a compile error.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface Flags {}

/** Keys that may be asked. */
export type FlagKey = keyof Flags extends never ? string : Extract<keyof Flags, string>;

/** What the default of a flag may be. */
export type Fallback<K> = K extends keyof Flags ? Flags[K] : JsonValue;

/** What a flag answers: its own type when it is known, else that of the default. */
export type ValueOf<K, T> = K extends keyof Flags ? Flags[K] : Widen<T>;

/** What `track` may be told besides the name. */
export interface TrackDetails {
  value?: number;
  properties?: Record<string, JsonValue>;
}

/** One context (a visitor, an account, a job): evaluations and events in its name. */
export interface Unit {
  /** The flag's value for this context; the default when it cannot be decided. */
  value<K extends FlagKey, T extends Fallback<K>>(flag: K, fallback: T): ValueOf<K, T>;
  /** The value with variant, reason, rule and version; `error` says why the default was returned. */
  evaluate<K extends FlagKey, T extends Fallback<K>>(flag: K, fallback: T): Evaluation<ValueOf<K, T>>;
  /**
   * As `evaluate`, but nobody is told: neither counted nor an exposure. For rendering ahead, and for looking.
   * @param from "bootstrap" decides by the ruleset that the client was made with, as a page's server did.
   */
  peek<K extends FlagKey, T extends Fallback<K>>(
    flag: K,
    fallback: T,
    from?: "now" | "bootstrap",
  ): Evaluation<ValueOf<K, T>>;
  /**
   * Something happened: a purchase, a sign-up. Metrics are made of these.
   * Needs a unit in the context and, if there is a value, a finite one; otherwise an `error` event says so.
   */
  track(name: string, details?: TrackDetails): void;
}

/** A unit as code sees it that does not care about the flags' types. */
export interface LooseUnit {
  evaluate(flag: string, fallback: JsonValue): Evaluation;
  peek(flag: string, fallback: JsonValue, from?: "now" | "bootstrap"): Evaluation;
  track(name: string, details?: TrackDetails): void;
}

/** A unit that asks another one, in its own way. */
export function unitAround(unit: Unit, ask: Pick<LooseUnit, "evaluate" | "peek">): Unit {
  const { evaluate, peek } = ask;
  const loose: LooseUnit & { value(flag: string, fallback: JsonValue): JsonValue } = {
    evaluate,
    peek,
    value: (flag, fallback) => evaluate(flag, fallback).value,
    track: (name, details) => unit.track(name, details),
  };
  return loose as Unit;
}

/** What units share. */
export interface ClientCore {
  readonly state: RulesetState;
  /** Undefined when nothing is recorded. */
  readonly queue?: Queue | undefined;
  readonly expose?: Expose | undefined;
  readonly emit: Listeners["emit"];
}

/**
 * A class, as there may be one for every request: its methods are made once. They hold without `this` being looked
 * for elsewhere, so call them on the unit.
 */
export class ContextUnit implements Unit {
  readonly #around: ClientCore;
  readonly #subject: Subject;
  /** The resolutions that this unit was already exposed to. */
  #met: Set<Resolution> | undefined;

  /** Copies the context: changing it afterwards changes nothing here. */
  constructor(around: ClientCore, context: EvaluationContext) {
    this.#around = around;
    this.#subject = copyOf(context, around.emit);
  }

  value<K extends FlagKey, T extends Fallback<K>>(flag: K, fallback: T): ValueOf<K, T> {
    return this.#ask(flag, fallback as JsonValue).value as ValueOf<K, T>;
  }

  evaluate<K extends FlagKey, T extends Fallback<K>>(flag: K, fallback: T): Evaluation<ValueOf<K, T>> {
    return evaluationOf(this.#ask(flag, fallback as JsonValue)) as Evaluation<ValueOf<K, T>>;
  }

  peek<K extends FlagKey, T extends Fallback<K>>(
    flag: K,
    fallback: T,
    from?: "now" | "bootstrap",
  ): Evaluation<ValueOf<K, T>> {
    const { ruleset, bootstrap = ruleset } = this.#around.state;
    const by = from === "bootstrap" ? bootstrap : ruleset;
    const resolution: Resolution = resolveFlag(by, flag, this.#subject, fallback as JsonValue);
    // The flag's type was checked against the default's.
    return evaluationOf(resolution) as Evaluation<ValueOf<K, T>>;
  }

  #ask(flag: string, fallback: JsonValue): Resolution {
    const { state, queue, expose } = this.#around;
    const resolution = resolveFlag(state.ruleset, flag, this.#subject, fallback);
    if (queue && expose && resolution.variant !== undefined) {
      queue.count(resolution);
      const { split } = resolution;
      if (split?.experiment !== undefined && !this.#met?.has(resolution) && expose(resolution, this.#subject)) {
        this.#met ??= new Set();
        this.#met.add(resolution);
      }
    }
    return resolution;
  }

  track(name: string, details?: TrackDetails): void {
    const { state, queue, emit } = this.#around;
    try {
      const { value, properties } = details ?? {};
      const units: Record<string, string> = {};
      for (const by of state.ruleset?.document.attributes ?? ["targetingKey"]) {
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
      const what = typeof name === "string" ? `"${name}"` : typeof name;
      emit("error", new Error(`track(${what}) was ignored: ${describeError(cause)}`, { cause }));
    }
  }
}

function copyOf(context: EvaluationContext, emit: Listeners["emit"]): Subject {
  try {
    return prepareSubject(context);
  } catch (cause) {
    emit("error", new Error("a context cannot be read and counts as empty", { cause }));
    return prepareSubject({});
  }
}
