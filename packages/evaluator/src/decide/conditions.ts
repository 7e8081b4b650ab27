import { hashId } from "../hash.ts";
import type { Condition, Segment } from "../ruleset.ts";
import { equal, type Operator, operatorOf, positiveOf } from "./operators.ts";
import { type Subject, unitOf } from "./subject.ts";

/**
 * What a rule asks is a chain of small nodes of one shape, walked by one function. With a thousand flags, what an
 * evaluation costs is the memory it touches: arrays of arrays, and a closure for each condition, took longer.
 */
export interface PreparedCondition {
  readonly attribute: string;
  /** The commonest operators are compared without a call: see `meets`. */
  readonly quick: number;
  readonly bounds: readonly unknown[];
  readonly operator: Operator;
  readonly name: string;
  readonly isNegated: boolean;
  /** Asked instead of an attribute. */
  readonly segments: readonly (PreparedSegment | undefined)[];
  /** The next of the conjunction. */
  readonly and: PreparedCondition | undefined;
}

/** Listed unit ids, in clear or hashed. */
export interface PreparedIds {
  readonly ids: ReadonlySet<string>;
  readonly isHashed: boolean;
}

export interface PreparedSegment {
  readonly included: PreparedIds;
  readonly excluded: PreparedIds;
  readonly rules: readonly PreparedCondition[];
}

/** A condition of whichever kind. */
interface AnyCondition {
  readonly op: string;
  readonly attribute?: string;
  readonly values?: readonly unknown[];
  readonly segments?: readonly string[];
}

/** Operators that `meets` compares in place, from 1. */
const QUICK = ["in", "lt", "lte", "gt", "gte"];

/** Up to so many values are compared one by one: a Set takes more memory than it saves time. */
const FEW = 4;

/** What a condition is whose values cannot be read, not one of them: it matches nothing, negated or not. */
const never: Operator = { read: () => undefined, holds: equal, readBound: () => undefined };

const contains: Operator["holds"] = (value: unknown, bounds: ReadonlySet<unknown>) => bounds.has(value);

/** A conjunction; undefined when it is empty, and matches everyone. */
export function prepareConditions(
  conditions: readonly Condition[],
  segmentOf: (key: string) => PreparedSegment | undefined,
): PreparedCondition | undefined {
  return conditions.reduceRight<PreparedCondition | undefined>((and, condition) => {
    const { attribute = "", op, values = [], segments = [] } = condition as AnyCondition;
    const { name, isNegated } = positiveOf(op);
    const known = operatorOf(name) ?? never;
    const read = values.map(known.readBound).filter((bound) => bound !== undefined);
    const isLong = read.length > FEW && known.holds === equal;
    const operator = values.length && !read.length ? never : known;
    return {
      attribute,
      quick: isNegated || attribute in Object.prototype || isLong || !read.length ? 0 : 1 + QUICK.indexOf(name),
      bounds: isLong ? [new Set(read)] : read,
      operator: isLong ? { ...operator, holds: contains } : operator,
      name,
      isNegated,
      segments: segments.map(segmentOf),
      and,
    };
  }, undefined);
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
  const { quick, bounds } = condition;
  if (!quick) return meetsAny(condition, subject);
  const value = subject.context[condition.attribute];
  // No engine can inline what differs from condition to condition, so calls are what an evaluation is made of.
  for (let i = 0; i < bounds.length; i++) {
    const bound = bounds[i] as number;
    if (quick === 1) {
      if (value === bound) return true;
    } else if (typeof value === "number") {
      if (quick === 2 ? value < bound : quick === 3 ? value <= bound : quick === 4 ? value > bound : value >= bound)
        return true;
    }
  }
  return typeof value === "object" && meetsAny(condition, subject);
}

/** The same for every condition. A list meets what any of its elements meets; what cannot be compared does not count. */
function meetsAny({ attribute, operator, name, isNegated, segments, bounds }: PreparedCondition, subject: Subject) {
  const { context } = subject;
  // Every object inherits names (`constructor`): they are attributes only where the context has them itself.
  const value = (Object.hasOwn(context, attribute) ? context[attribute] : undefined) ?? undefined;
  if (name === "inSegment") return isInAny(segments, subject) !== isNegated;
  if (name === "exists") return (value !== undefined) !== isNegated;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  let isComparable = !list.length && operator !== never;
  for (const element of list) {
    const own = operator.read(element);
    if (own === undefined) continue;
    isComparable = true;
    // An operator reads what its own test takes.
    for (const bound of bounds) if (operator.holds(own as never, bound as never)) return !isNegated;
  }
  return isComparable && isNegated;
}

// Loops rather than callbacks: a function that has one allocates its variables on the heap each time it is called.
function isInAny(segments: PreparedCondition["segments"], subject: Subject): boolean {
  for (const segment of segments) if (segment && isInSegment(segment, subject)) return true;
  return false;
}

export function prepareIds(ids: readonly string[] = [], isHashed: boolean): PreparedIds {
  return { ids: new Set(ids), isHashed };
}

/** Whether the context's targeting key is in the list. */
export function isListed({ ids, isHashed }: PreparedIds, subject: Subject): boolean {
  const unit = ids.size ? unitOf(subject, "targetingKey") : undefined;
  if (!unit) return false;
  if (isHashed) unit.hash ??= hashId(unit.text);
  return ids.has(isHashed ? (unit.hash as string) : unit.text);
}

export function prepareSegment(
  { included, excluded, rules = [] }: Segment,
  isHashed: boolean,
  conditionsOf: (name: string) => PreparedCondition,
): PreparedSegment {
  return {
    included: prepareIds(included, isHashed),
    excluded: prepareIds(excluded, isHashed),
    rules: rules.map(conditionsOf),
  };
}

/** Excluded ids are out, whatever else holds; included ids are in; then any one of the rules is enough. */
function isInSegment({ included, excluded, rules }: PreparedSegment, subject: Subject): boolean {
  if (isListed(excluded, subject)) return false;
  if (isListed(included, subject)) return true;
  for (const rule of rules) if (meetsAll(rule, subject)) return true;
  return false;
}
