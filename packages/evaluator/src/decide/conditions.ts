import { hashId } from "../hash.ts";
import type { Condition, IdList, Segment } from "../ruleset.ts";
import { never, type Operator, operators } from "./operators.ts";
import { type Subject, unitOf } from "./subject.ts";

/**
 * Conditions and rules are chains of small nodes of one shape, walked by one function. With a thousand flags, what an
 * evaluation costs is the memory it touches: arrays of arrays, and a closure for each condition, took longer.
 */
export interface PreparedCondition {
  readonly attribute: string;
  /** Every object inherits this name: it is an attribute only where the context has it itself. */
  readonly isInherited: boolean;
  readonly operator: Operator;
  /** The commonest conditions are asked without a call: see `meets`. */
  readonly quick: Quick;
  /** The first bound, and the others if there are any. */
  readonly bound: unknown;
  readonly more: readonly unknown[] | undefined;
  /** Asked instead of an attribute. */
  readonly segments: readonly PreparedSegment[] | undefined;
  /** The next of the conjunction. */
  readonly and: PreparedCondition | undefined;
}

type Quick = (typeof QUICK)[keyof typeof QUICK] | undefined;
const QUICK = { in: 1, lt: 2, lte: 3, gt: 4, gte: 5 } as const;

/** Up to so many values are compared one by one: a Set takes more memory than it saves time. */
const FEW = 4;

/** A conjunction; undefined when it is empty, and matches everyone. */
export function prepareConditions(
  conditions: readonly Condition[],
  segmentOf: (key: string) => PreparedSegment,
): PreparedCondition | undefined {
  let first: PreparedCondition | undefined;
  for (const condition of [...conditions].reverse()) first = prepareCondition(condition, segmentOf, first);
  return first;
}

function prepareCondition(
  condition: Condition,
  segmentOf: (key: string) => PreparedSegment,
  and: PreparedCondition | undefined,
): PreparedCondition {
  if ("segments" in condition) {
    const operator = operators.get(condition.op === "inSegment" ? "exists" : "notExists") ?? never;
    const segments = condition.segments.map(segmentOf);
    return {
      attribute: "",
      isInherited: false,
      operator,
      quick: undefined,
      bound: undefined,
      more: undefined,
      segments,
      and,
    };
  }
  const { attribute, op } = condition;
  const operator = operators.get(op) ?? never;
  const values: readonly unknown[] = "values" in condition ? condition.values : [true];
  const bounds = values.map(operator.readBound).filter((bound) => bound !== undefined);
  const many = bounds.length > FEW ? operator.many : undefined;
  const isInherited = attribute in Object.prototype;
  const isQuick = !isInherited && !many && (op === "in" ? bounds.length > 0 : bounds.length === 1);
  return {
    attribute,
    isInherited,
    quick: isQuick ? (QUICK as Readonly<Record<string, Quick>>)[op] : undefined,
    operator: values.length && !bounds.length ? never : (many ?? operator),
    bound: many ? new Set(bounds) : bounds[0],
    more: many || bounds.length < 2 ? undefined : bounds.slice(1),
    segments: undefined,
    and,
  };
}

/** Whether all of a conjunction match. */
export function meetsAll(first: PreparedCondition | undefined, subject: Subject): boolean {
  let condition = first;
  for (; condition; condition = condition.and) if (!meets(condition, subject)) return false;
  return true;
}

/**
 * An attribute that is absent, null, or of a type the operator cannot compare never matches, negated operators
 * included; values are compared without coercion.
 */
function meets(condition: PreparedCondition, subject: Subject): boolean {
  const { quick, bound } = condition;
  if (!quick) return meetsAny(condition, subject);
  const value = subject.context[condition.attribute];
  // No engine can inline what differs from condition to condition, so calls are what an evaluation is made of.
  if (quick === 1) {
    if (value === bound) return true;
    const { more } = condition;
    if (more) for (const other of more) if (value === other) return true;
  } else if (typeof value === "number") {
    if (quick === 2) return value < (bound as number);
    if (quick === 3) return value <= (bound as number);
    if (quick === 4) return value > (bound as number);
    return value >= (bound as number);
  }
  return typeof value === "object" && meetsAny(condition, subject);
}

/** The same for every condition. */
function meetsAny(condition: PreparedCondition, subject: Subject): boolean {
  const { attribute, operator, segments } = condition;
  if (segments) return isInAny(segments, subject) === operator.wanted;
  const { context } = subject;
  const value = condition.isInherited && !Object.hasOwn(context, attribute) ? undefined : context[attribute];
  if (operator.isForEach && Array.isArray(value)) return anyHolds(condition, value) === operator.wanted;
  return holdsFor(condition, value ?? undefined) === operator.wanted;
}

// Loops rather than callbacks: a function that has one allocates its variables on the heap each time it is called.
function isInAny(segments: readonly PreparedSegment[], subject: Subject): boolean {
  for (const segment of segments) if (isInSegment(segment, subject)) return true;
  return false;
}

/** Undefined when the value cannot be compared. */
function holdsFor({ operator, bound, more }: PreparedCondition, value: unknown): boolean | undefined {
  const own = operator.read(value);
  if (own === undefined) return undefined;
  // An operator reads what its own test takes.
  const holds = operator.holds as (value: unknown, bound: unknown) => boolean;
  if (bound !== undefined && holds(own, bound)) return true;
  if (more) for (const other of more) if (holds(own, other)) return true;
  return false;
}

/** A list meets what any of its elements meets; elements that cannot be compared do not count. */
function anyHolds(condition: PreparedCondition, list: readonly unknown[]): boolean | undefined {
  let answer = list.length ? undefined : false;
  for (const element of list) {
    const one = holdsFor(condition, element);
    if (one) return true;
    answer ??= one;
  }
  return answer;
}

/** Listed unit ids. */
export interface PreparedIds {
  readonly isHashed: boolean;
  readonly ids: ReadonlySet<string>;
}

export interface PreparedSegment {
  readonly included: PreparedIds | undefined;
  readonly excluded: PreparedIds | undefined;
  readonly rules: readonly (PreparedCondition | undefined)[];
}

export function prepareIds(list: IdList): PreparedIds {
  const isHashed = "hashed" in list;
  return { isHashed, ids: new Set(isHashed ? list.hashed : list.values) };
}

/** Whether the context's targeting key is in the list. */
export function isListed({ isHashed, ids }: PreparedIds, subject: Subject): boolean {
  const unit = unitOf(subject, "targetingKey");
  if (!unit) return false;
  if (!isHashed) return ids.has(unit.text);
  unit.hash ??= hashId(unit.text);
  return ids.has(unit.hash);
}

export function prepareSegment({ included, excluded, rules }: Segment): PreparedSegment {
  return {
    included: included && prepareIds(included),
    excluded: excluded && prepareIds(excluded),
    // Segments do not refer to segments: that was checked.
    rules: rules.map((rule) => prepareConditions(rule, prepareSegment as never)),
  };
}

/** Excluded ids are out, whatever else holds; included ids are in; then any one of the rules is enough. */
export function isInSegment({ included, excluded, rules }: PreparedSegment, subject: Subject): boolean {
  if (excluded && isListed(excluded, subject)) return false;
  if (included && isListed(included, subject)) return true;
  for (const rule of rules) if (meetsAll(rule, subject)) return true;
  return false;
}
