import { list, record } from "./check.ts";
import { compileConditions, compileIds, type Test } from "./conditions.ts";

const never: Test = () => false;
const noSegments: ReadonlyMap<string, Test> = new Map();

/**
 * A segment: excluded ids are out, whatever else holds; included ids are in; then any one of the rules is enough.
 * @throws Refusal when malformed, or when it refers to a segment.
 */
export function compileSegment(document: unknown): Test {
  const segment = record(document, "a segment");
  const excluded = segment.excluded === undefined ? never : compileIds(segment.excluded);
  const included = segment.included === undefined ? never : compileIds(segment.included);
  const rules = list(segment.rules, "rules").map((rule) => compileConditions(rule, noSegments));
  return (context, units) =>
    !excluded(context, units) && (included(context, units) || rules.some((rule) => rule(context, units)));
}

/** All segments of a ruleset by key. */
export function compileSegments(document: unknown): ReadonlyMap<string, Test> {
  const segments = new Map<string, Test>();
  for (const [key, segment] of Object.entries(record(document, "segments"))) {
    segments.set(key, compileSegment(segment));
  }
  return segments;
}
