import type { Type } from "../check/fields.ts";
import { hashId } from "../hash.ts";
import type { Scalar } from "../ruleset.ts";
import { addressBits, blockBits, instantOf, patternOf, versionKey } from "./values.ts";

/** How an operator compares. */
export interface Operator {
  /** Type of the condition's values; undefined when it has none. */
  readonly values: Type | undefined;
  /** Makes a value comparable; undefined when it is absent or of a kind that cannot be compared. */
  readonly read: (value: unknown) => unknown;
  /** The same for one of the condition's values. */
  readonly readBound: (value: unknown) => unknown;
  /** Whether what was read holds against one of the bounds. */
  readonly holds: (value: never, bound: never) => boolean;
  /** The same operator with a Set for its only bound. */
  readonly many: Operator | undefined;
  /** What its test must say for the condition to match: false for a negated operator. */
  readonly wanted: boolean;
  /** Whether a list is asked element by element. */
  readonly isForEach: boolean;
}

function operator<V, B>(
  values: Type | undefined,
  read: (value: unknown) => V | undefined,
  holds: (value: V, bound: B) => boolean,
  readBound: (value: unknown) => B | undefined = read as never,
): Operator {
  return { values, read, readBound, holds, many: undefined, wanted: true, isForEach: true };
}

function members(values: Type, read: (value: unknown) => unknown, readBound = read): Operator {
  const few = operator(values, read, equal, readBound);
  return { ...few, many: operator(values, read, (value, bounds: Set<unknown>) => bounds.has(value)) };
}

function not(positive: Operator): Operator {
  return { ...positive, wanted: false, many: positive.many && not(positive.many) };
}

const scalar = (value: unknown): Scalar | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined;
const text = (value: unknown) => (typeof value === "string" ? value : undefined);
const number = (value: unknown) => (typeof value === "number" ? value : undefined);
// Only texts are ever hashed; another scalar is a present value that is in no list.
const hashed = (value: unknown) => (typeof value === "string" ? hashId(value) : scalar(value));

const equal = <T>(value: T, bound: T) => value === bound;
const lower = <T>(value: T, bound: T) => value < bound;
const lowerOrEqual = <T>(value: T, bound: T) => value <= bound;
const higher = <T>(value: T, bound: T) => value > bound;
const higherOrEqual = <T>(value: T, bound: T) => value >= bound;
const begins = (value: string, bound: string) => value.startsWith(bound);

const within = members("scalar", scalar);
const listed = members("string", hashed, text);
const texts = (holds: (value: string, bound: string) => boolean) => operator("string", text, holds);
const numbers = (holds: (value: number, bound: number) => boolean) => operator("number", number, holds);
const versions = (holds: (value: string, bound: string) => boolean) => operator("string", versionKey, holds);
const instants = (holds: (value: number, bound: number) => boolean) => operator("instant", instantOf, holds);
const contains = texts((value, part) => value.includes(part));
const matches = operator("string", text, (value, pattern: RegExp) => pattern.test(value), patternOf);
const network = operator("string", addressBits, begins, blockBits);
// Always comparable, even what is absent; a list is there, whatever its elements.
const presence: Operator = { ...operator(undefined, (value) => value !== undefined, equal), isForEach: false };

/** What matches nothing, negated or not: a condition none of whose values can be read. */
export const never: Operator = operator(undefined, () => undefined, equal);

/** By name. Segments are asked elsewhere. */
export const operators: ReadonlyMap<unknown, Operator> = new Map(
  Object.entries({
    in: within,
    notIn: not(within),
    inHashed: listed,
    notInHashed: not(listed),
    contains,
    notContains: not(contains),
    startsWith: texts(begins),
    endsWith: texts((value, part) => value.endsWith(part)),
    matches,
    notMatches: not(matches),
    lt: numbers(lower),
    lte: numbers(lowerOrEqual),
    gt: numbers(higher),
    gte: numbers(higherOrEqual),
    semverEq: versions(equal),
    semverLt: versions(lower),
    semverLte: versions(lowerOrEqual),
    semverGt: versions(higher),
    semverGte: versions(higherOrEqual),
    before: instants(lower),
    after: instants(higher),
    inCidr: network,
    notInCidr: not(network),
    exists: presence,
    notExists: not(presence),
  }),
);

/** Whether an operator can use this value in a condition; a version, date, pattern or block that is invalid it cannot. */
export function isUsable(op: string, value: unknown): boolean {
  return operators.get(op)?.readBound(value) !== undefined;
}
