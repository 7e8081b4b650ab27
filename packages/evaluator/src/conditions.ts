import { list, must, record, text, texts } from "./check.ts";
import type { EvaluationContext } from "./evaluation.ts";
import { hashId } from "./hash.ts";
import type { Scalar } from "./ruleset.ts";
import { readerOf, type UnitCache, unitHash, unitOf } from "./unit.ts";

/** Whether a context meets something: a condition, a conjunction, a list of ids, a segment. */
export type Test = (context: EvaluationContext, units?: UnitCache) => boolean;

/**
 * Compiles one condition into a test. An attribute that is absent, null, or of a type the operator cannot compare
 * never matches, negated operators included; values are compared without coercion.
 * @throws Refusal for an unknown operator or malformed values.
 */
export function compileCondition(document: unknown, segments: ReadonlyMap<string, Test>): Test {
  const condition = record(document, "a condition");
  const op = text(condition.op, "op");
  if (op === "inSegment" || op === "notInSegment") {
    return segmentTest(texts(condition.segments, "segments"), op === "inSegment", segments);
  }
  const attribute = text(condition.attribute, `the attribute of "${op}"`);
  const read = readerOf(attribute);
  if (op === "exists" || op === "notExists") {
    const wanted = op === "exists";
    return (context) => (read(context) !== undefined) === wanted;
  }
  const matches = valueTest(op, list(condition.values, `the values of "${op}"`));
  must(matches !== undefined, `unknown operator "${op}"`);
  return (context) => matches(read(context));
}

function segmentTest(keys: string[], wanted: boolean, segments: ReadonlyMap<string, Test>): Test {
  const tests = keys.map((key) => {
    const test = segments.get(key);
    must(test !== undefined, `unknown segment "${key}"`);
    return test;
  });
  return (context, units) => tests.some((test) => test(context, units)) === wanted;
}

type ValueTest = (value: unknown) => boolean;

function valueTest(op: string, values: unknown[]): ValueTest | undefined {
  switch (op) {
    case "in":
    case "notIn":
      return memberTest(new Set(values.map(scalar)), op === "in");
    case "inHashed":
    case "notInHashed":
      return hashedTest(new Set(texts(values, "values")), op === "inHashed");
    case "contains":
      return textTest(values, (value, part) => value.includes(part), true);
    case "notContains":
      return textTest(values, (value, part) => value.includes(part), false);
    case "startsWith":
      return textTest(values, (value, part) => value.startsWith(part), true);
    case "endsWith":
      return textTest(values, (value, part) => value.endsWith(part), true);
    case "lt":
      return numberTest(values, (value, bound) => value < bound);
    case "lte":
      return numberTest(values, (value, bound) => value <= bound);
    case "gt":
      return numberTest(values, (value, bound) => value > bound);
    case "gte":
      return numberTest(values, (value, bound) => value >= bound);
    default:
      return undefined;
  }
}

function memberTest(members: ReadonlySet<unknown>, wanted: boolean): ValueTest {
  return wanted ? (value) => members.has(value) : (value) => isScalar(value) && !members.has(value);
}

/** Only texts are ever hashed; another scalar is a present value that is in no list. */
function hashedTest(hashes: ReadonlySet<string>, wanted: boolean): ValueTest {
  return (value) => isScalar(value) && (typeof value === "string" && hashes.has(hashId(value))) === wanted;
}

function textTest(values: unknown[], holds: (value: string, part: string) => boolean, wanted: boolean): ValueTest {
  const parts = texts(values, "values");
  return (value) => typeof value === "string" && parts.some((part) => holds(value, part)) === wanted;
}

function numberTest(values: unknown[], holds: (value: number, bound: number) => boolean): ValueTest {
  const bounds = values.map((value) => {
    must(Number.isFinite(value), "each of values must be a number");
    return Number(value);
  });
  return (value) => typeof value === "number" && bounds.some((bound) => holds(value, bound));
}

function scalar(value: unknown): Scalar {
  must(isScalar(value), "each of values must be a string, a number or a boolean");
  return value;
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && !Number.isNaN(value));
}

/** A conjunction: every condition must match; none matches everyone. */
export function compileConditions(document: unknown, segments: ReadonlyMap<string, Test>): Test {
  const tests = list(document, "when").map((condition) => compileCondition(condition, segments));
  const [only] = tests;
  if (only && tests.length === 1) return only;
  return (context, units) => {
    for (const test of tests) if (!test(context, units)) return false;
    return true;
  };
}

/** A list of unit ids, plain or hashed, met by the context's targeting key. */
export function compileIds(document: unknown): Test {
  const ids = record(document, "a list of ids");
  if (ids.hashed !== undefined) {
    const hashes = new Set(texts(ids.hashed, "hashed"));
    return (context, units) => {
      const unit = unitOf(context, "targetingKey", units);
      return unit !== undefined && hashes.has(unitHash(unit));
    };
  }
  const values = new Set(texts(ids.values, "values"));
  return (context, units) => {
    const unit = unitOf(context, "targetingKey", units);
    return unit !== undefined && values.has(unit.text);
  };
}
