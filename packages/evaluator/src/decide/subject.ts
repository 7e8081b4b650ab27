import type { EvaluationContext } from "../evaluation.ts";
import { type Encoded, encode } from "../hash.ts";

/** The value of a context's unit attribute, encoded once for all flags. */
export interface EncodedUnit {
  readonly text: string;
  readonly encoded: Encoded;
  /** `hashId` of the text, once it was needed. */
  hash?: string;
}

/** A context that flags are evaluated for: a copy, so that its units are encoded only once. */
export interface Subject {
  readonly context: EvaluationContext;
  /** By attribute. The targeting key has its own place, as nearly every split is by it. */
  targeting: EncodedUnit | undefined;
  others: Map<string, EncodedUnit> | undefined;
  /** The conditions of the flag that was evaluated last, and the first of them that matched. */
  asked: object | undefined;
  met: number;
}

/** Copies the context. @throws what its getters throw. */
export function prepareSubject(context: EvaluationContext): Subject {
  return { context: { ...context }, targeting: undefined, others: undefined, asked: undefined, met: 0 };
}

/** The unit that an attribute names: a non-empty text, or a finite number as String(n) writes it. */
export function unitOf(subject: Subject, by: string): EncodedUnit | undefined {
  const known = by === "targetingKey" ? subject.targeting : subject.others?.get(by);
  if (known) return known;
  const value = Object.hasOwn(subject.context, by) && subject.context[by];
  const text = Number.isFinite(value) ? String(value) : value;
  if (typeof text !== "string" || !text) return undefined;
  const unit: EncodedUnit = { text, encoded: encode(text) };
  if (by === "targetingKey") subject.targeting = unit;
  else {
    subject.others ??= new Map();
    subject.others.set(by, unit);
  }
  return unit;
}
