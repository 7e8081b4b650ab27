import { hashId } from "../hash.ts";
import type { Scalar } from "../ruleset.ts";
import { addressBits, blockBits, instantOf, patternOf, versionKey } from "./values.ts";

/** How an operator compares an attribute's value with one of the condition's. */
export interface Operator {
  /** Makes a value comparable; undefined when it is absent or of a kind that cannot be compared. */
  readonly read: (value: unknown) => unknown;
  /** Whether what was read holds against a bound. */
  readonly holds: (value: never, bound: never) => boolean;
  /** Makes one of the condition's values a bound; undefined when it cannot be one. */
  readonly readBound: (value: unknown) => unknown;
}

function operator<V, B>(
  read: (value: unknown) => V | undefined,
  holds: (value: V, bound: B) => boolean,
  readBound: (value: unknown) => B | undefined = read as never,
): Operator {
  return { read, holds, readBound };
}

export const isScalar = (value: unknown): value is Scalar => /^(string|number|boolean)$/.test(typeof value);
const scalar = (value: unknown) => (isScalar(value) ? value : undefined);
const text = (value: unknown) => (typeof value === "string" ? value : undefined);
const number = (value: unknown) => (typeof value === "number" ? value : undefined);
// Only texts are ever hashed; another scalar is a present value that is in no list.
const hashed = (value: unknown) => (typeof value === "string" ? hashId(value) : scalar(value));

export const equal = <T>(value: T, bound: T): boolean => value === bound;
const lower = <T>(value: T, bound: T) => value < bound;
const lowerOrEqual = <T>(value: T, bound: T) => value <= bound;
const higher = <T>(value: T, bound: T) => value > bound;
const higherOrEqual = <T>(value: T, bound: T) => value >= bound;
const begins = (value: string, bound: string) => value.startsWith(bound);

/** By name; `not` before a name negates it. */
const operators: Readonly<Record<string, Operator>> = {
  in: operator(scalar, equal),
  inHashed: operator(hashed, equal, text),
  contains: operator(text, (value, part: string) => value.includes(part)),
  startsWith: operator(text, begins),
  endsWith: operator(text, (value, part: string) => value.endsWith(part)),
  matches: operator(text, (value, pattern: RegExp) => pattern.test(value), patternOf),
  lt: operator(number, lower),
  lte: operator(number, lowerOrEqual),
  gt: operator(number, higher),
  gte: operator(number, higherOrEqual),
  semverEq: operator(versionKey, equal),
  semverLt: operator(versionKey, lower),
  semverLte: operator(versionKey, lowerOrEqual),
  semverGt: operator(versionKey, higher),
  semverGte: operator(versionKey, higherOrEqual),
  before: operator(instantOf, lower),
  after: operator(instantOf, higher),
  inCidr: operator(addressBits, begins, blockBits),
  // These two ask no value; they are answered elsewhere.
  exists: operator(number, equal),
  inSegment: operator(number, equal),
};

/** The name without the negation, and whether it was negated. */
export function positiveOf(op: string): { name: string; isNegated: boolean } {
  const name = op.replace(/^not(.)/, (_, letter) => letter.toLowerCase());
  return { name, isNegated: name !== op };
}

/** By the name without negation; undefined for a name that this evaluator does not know. */
export function operatorOf(name: string): Operator | undefined {
  return Object.hasOwn(operators, name) ? operators[name] : undefined;
}

/** Whether an operator can use this value in a condition; a version, date, pattern or block that is invalid it cannot. */
export function isUsable(op: string, value: unknown): boolean {
  return operatorOf(positiveOf(op).name)?.readBound(value) !== undefined;
}
