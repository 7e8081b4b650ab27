import type { EvaluationContext } from "./evaluation.ts";
import { utf8 } from "./hash.ts";

/** A context's value of one unit attribute, encoded once. */
export interface UnitBytes {
  readonly text: string;
  readonly bytes: Uint8Array;
  /** `hashId` of the text, once it was needed. */
  hash?: string;
}

/** Encoded units of ONE unchanging context by attribute; give the same map to every `evaluate` of that context. */
export type UnitCache = Map<string, UnitBytes>;

/**
 * Reads one attribute, null counting as absent. Names that every object inherits (`constructor`, `__proto__`) are
 * attributes only where the context has them itself; asking that of other names would cost half of an evaluation.
 */
export function readerOf(attribute: string): (context: EvaluationContext) => unknown {
  return attribute in Object.prototype
    ? (context) => (Object.hasOwn(context, attribute) ? (context[attribute] ?? undefined) : undefined)
    : (context) => context[attribute] ?? undefined;
}

/** The text that is hashed for a unit: a non-empty string, or a finite number as String(n) writes it. */
export function unitText(context: EvaluationContext, attribute: string): string | undefined {
  const value = Object.hasOwn(context, attribute) ? context[attribute] : undefined;
  if (typeof value === "string") return value || undefined;
  return typeof value === "number" && Number.isFinite(value) ? String(value) : undefined;
}

export function unitOf(context: EvaluationContext, attribute: string, cache?: UnitCache): UnitBytes | undefined {
  const known = cache?.get(attribute);
  if (known) return known;
  const text = unitText(context, attribute);
  if (text === undefined) return undefined;
  const unit: UnitBytes = { text, bytes: utf8(text) };
  cache?.set(attribute, unit);
  return unit;
}
