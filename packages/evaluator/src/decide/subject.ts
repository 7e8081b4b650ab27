import type { EvaluationContext } from "../evaluation.ts";
import { type Encoded, encode } from "../hash.ts";

/** The value of a context's unit attribute, encoded once for all flags. */
export interface Unit {
  readonly text: string;
  readonly encoded: Encoded;
  /** `hashId` of the text, once it was needed. */
  hash?: string;
}

/** A context that flags are decided for: a copy, so that its units need encoding only once. */
export interface Subject {
  readonly context: EvaluationContext;
  /** By attribute. The targeting key has its own place, as nearly every split asks for it. */
  targeting: Unit | undefined;
  others: Map<string, Unit> | undefined;
}

/** Copies the context. @throws what its getters throw. */
export function subjectOf(context: EvaluationContext): Subject {
  return { context: { ...context }, targeting: undefined, others: undefined };
}

/** The unit that an attribute names: a non-empty text, or a finite number as String(n) writes it. */
export function unitOf(subject: Subject, by: string): Unit | undefined {
  const known = by === "targetingKey" ? subject.targeting : subject.others?.get(by);
  if (known) return known;
  const value = readerOf(by)(subject.context);
  const text = Number.isFinite(value) ? String(value) : value;
  if (typeof text !== "string" || !text) return undefined;
  const unit: Unit = { text, encoded: encode(text) };
  if (by === "targetingKey") subject.targeting = unit;
  else {
    subject.others ??= new Map();
    subject.others.set(by, unit);
  }
  return unit;
}

/**
 * Reads one attribute, null counting as absent. Names that every object inherits (`constructor`, `__proto__`) are
 * attributes only where the context has them itself; asking that of other names would cost half of an evaluation.
 */
export function readerOf(attribute: string): (context: EvaluationContext) => unknown {
  return attribute in Object.prototype
    ? (context) => (Object.hasOwn(context, attribute) ? (context[attribute] ?? undefined) : undefined)
    : (context) => context[attribute] ?? undefined;
}
