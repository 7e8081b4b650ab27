import { known, type Shape } from "./check.ts";
import type { EvaluationContext } from "./evaluation.ts";
import { hashId } from "./hash.ts";
import type { Condition, IdList, Scalar, Segment } from "./ruleset.ts";
import { readerOf, type UnitCache, unitOf } from "./unit.ts";

/** Whether a context meets something: a condition, a conjunction, a list of ids, a segment. */
export type Test = (context: EvaluationContext, units?: UnitCache) => boolean;

/** Whether a value meets an operator; undefined when it is absent or of a type that cannot be compared. */
type Meets = (value: unknown) => boolean | undefined;

/** The shape of an operator's condition, and the test that its values make. */
type Operator = readonly [shape: Shape, meets: (values: Scalar[]) => Meets];

const scalar = /string|number|boolean/;

function member(type: RegExp, keyOf: (value: unknown) => unknown): Operator {
  return [
    { attribute: /string/, values: [type] },
    (values) => {
      const members = new Set<unknown>(values);
      return (value) => members.has(keyOf(value)) || (scalar.test(typeof value) ? false : undefined);
    },
  ];
}

function compare<T extends Scalar>(type: "string" | "number", holds: (value: T, one: T) => boolean): Operator {
  return [
    { attribute: /string/, values: [RegExp(type)] },
    (values) => (value) => (typeof value === type ? values.some((one) => holds(value as T, one as T)) : undefined),
  ];
}

const within = member(scalar, (value) => value);
// Only texts are ever hashed; another scalar is a present value that is in no list.
const hashed = member(/string/, (value) => typeof value === "string" && hashId(value));
const contains = compare<string>("string", (value, part) => value.includes(part));
const exists: Operator = [{ attribute: /string/ }, () => (value) => value !== undefined];
const segment: Operator = [{ segments: [/string/] }, () => () => undefined];

/** One whose name begins with "not" wants its test to fail. */
export const operators = new Map<unknown, Operator>(
  Object.entries({
    in: within,
    notIn: within,
    inHashed: hashed,
    notInHashed: hashed,
    contains,
    notContains: contains,
    startsWith: compare<string>("string", (value, part) => value.startsWith(part)),
    endsWith: compare<string>("string", (value, part) => value.endsWith(part)),
    lt: compare<number>("number", (value, bound) => value < bound),
    lte: compare<number>("number", (value, bound) => value <= bound),
    gt: compare<number>("number", (value, bound) => value > bound),
    gte: compare<number>("number", (value, bound) => value >= bound),
    exists,
    notExists: exists,
    inSegment: segment,
    notInSegment: segment,
  }),
);

/**
 * A conjunction: every condition must match; none matches everyone. An attribute that is absent, null, or of a type
 * the operator cannot compare never matches, negated operators included; values are compared without coercion.
 */
export function compileConditions(conditions: Condition[], segments: ReadonlyMap<string, Test>): Test {
  const tests = conditions.map((condition): Test => {
    const wanted = !condition.op.startsWith("not");
    if ("segments" in condition) {
      const used = condition.segments.map((key) => known(segments.get(key), `segment "${key}"`));
      return (context, units) => used.some((test) => test(context, units)) === wanted;
    }
    const read = readerOf(condition.attribute);
    const meets = known(operators.get(condition.op), "operator")[1]("values" in condition ? condition.values : []);
    return (context) => meets(read(context)) === wanted;
  });
  return (context, units) => {
    for (const test of tests) if (!test(context, units)) return false;
    return true;
  };
}

/** A list of unit ids, plain or hashed, met by the context's targeting key. */
export function compileIds(list: IdList): Test {
  const ids = new Set("hashed" in list ? list.hashed : list.values);
  return (context, units) => {
    const unit = unitOf(context, "targetingKey", units);
    if (!unit) return false;
    if (!("hashed" in list)) return ids.has(unit.text);
    unit.hash ??= hashId(unit.text);
    return ids.has(unit.hash);
  };
}

/** Excluded ids are out, whatever else holds; included ids are in; then any one of the rules is enough. */
export function compileSegment({ included, excluded, rules }: Segment): Test {
  const isIncluded = included && compileIds(included);
  const isExcluded = excluded && compileIds(excluded);
  const tests = rules.map((rule) => compileConditions(rule, new Map()));
  return (context, units) =>
    !isExcluded?.(context, units) && (isIncluded?.(context, units) || tests.some((test) => test(context, units)));
}
