import type { MetricDefinition } from "@telltale/configuration";

/** The caps that were fixed before the start, of the value and of a ratio's denominator; null where there is none. */
export function absoluteCapOf(definition: MetricDefinition): { y: number | null; x: number | null } {
  const cap = "cap" in definition ? definition.cap : undefined;
  if (!cap || !("at" in cap)) return { y: null, x: null };
  return { y: cap.at, x: cap.atDenominator ?? null };
}
