import { type Condition, type EvaluationContext, encode, hashToBucket, LINE, type Ruleset } from "@telltale/evaluator";

/** Values of an attribute that decide something; undefined: it is missing. */
type Values = Map<string, unknown[]>;

/**
 * Contexts that take a flag's rules apart: made from the conditions of its rules, of the segments that they ask for and
 * of the flags that it depends on, each value with one beside it that does not match, and the units that it targets. The
 * same ruleset gives the same contexts.
 */
export function contextsFor(ruleset: Ruleset, flag: string, count: number): EvaluationContext[] {
  const values: Values = new Map([["targetingKey", []]]);
  collectFlag(ruleset, flag, values, new Set());
  const attributes = [...values].map(([name, known]) => [name, [...new Set([...known, undefined])]] as const);
  return Array.from({ length: count }, (_, at) => {
    const context: EvaluationContext = { targetingKey: `unit-${at}` };
    for (const [name, known] of attributes) {
      const value = known[drawn(`${at}/${name}`, known.length)];
      if (value !== undefined) context[name] = value;
      // An attribute that something is split by has as many values as there are units.
      else if (ruleset.attributes.includes(name)) context[name] = `unit-${at}`;
    }
    return context;
  });
}

/** A whole number below `below`, the same for the same name. */
function drawn(name: string, below: number): number {
  return Math.floor((hashToBucket(encode(name), 0) / LINE) * below);
}

function collectFlag(ruleset: Ruleset, key: string, values: Values, seen: Set<string>): void {
  const flag = ruleset.flags[key];
  if (!flag || seen.has(key)) return;
  seen.add(key);
  for (const { ids } of flag.targets ?? []) add(values, "targetingKey", ids.slice(0, 20));
  for (const [, when, serve] of flag.rules ?? []) {
    for (const condition of ruleset.conditions[when] ?? []) collectCondition(ruleset, condition, values);
    if (typeof serve !== "string" && serve.by !== undefined) add(values, serve.by, []);
  }
  for (const prerequisite of flag.prerequisites ?? []) collectFlag(ruleset, prerequisite.flag, values, seen);
}

function collectCondition(ruleset: Ruleset, condition: Condition, values: Values): void {
  if ("segments" in condition) {
    for (const key of condition.segments) {
      const segment = ruleset.segments[key];
      if (!segment) continue;
      add(values, "targetingKey", [...(segment.included ?? []).slice(0, 20), ...(segment.excluded ?? []).slice(0, 20)]);
      for (const name of segment.rules ?? []) {
        for (const inner of ruleset.conditions[name] ?? []) {
          // Segments ask for no segments.
          if (!("segments" in inner)) collectCondition(ruleset, inner, values);
        }
      }
    }
    return;
  }
  const asked = "values" in condition ? condition.values.slice(0, 20) : ["present"];
  add(values, condition.attribute, asked.flatMap(around));
}

/** A value, and values beside it: smaller, larger, longer. */
function around(value: unknown): unknown[] {
  if (typeof value === "number") return [value - 1, value, value + 1];
  if (typeof value === "boolean") return [value, !value];
  const text = String(value);
  const time = Date.parse(text);
  const moments = Number.isNaN(time) ? [] : [time - 1_000, time + 1_000].map((at) => new Date(at).toISOString());
  const address = text.split("/")[0] ?? text;
  return [text, `${text}x`, `x${text}`, address, "0.0.0", "9999.0.0", ...moments];
}

function add(values: Values, name: string, more: readonly unknown[]): void {
  values.set(name, [...(values.get(name) ?? []), ...more].slice(0, 400));
}
