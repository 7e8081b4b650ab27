import { hashId } from "./hash.ts";
import type { Scalar } from "./ruleset.ts";

/** Whether a value meets an operator; undefined when it is absent or of a type that cannot be compared. */
export type Meets = (value: unknown) => boolean | undefined;

/** The `typeof` that each of an operator's values must have, and the test that they make. */
type Operator = readonly [type: RegExp, (values: Scalar[]) => Meets];

const scalar = /string|number|boolean/;

function member(type: RegExp, keyOf: (value: unknown) => unknown): Operator {
  return [
    type,
    (values) => {
      const members = new Set<unknown>(values);
      return (value) => members.has(keyOf(value)) || (scalar.test(typeof value) ? false : undefined);
    },
  ];
}

function compare<T extends Scalar>(type: RegExp, holds: (value: T, one: T) => boolean): Operator {
  return [
    type,
    (values) => (value) =>
      type.test(typeof value) ? values.some((one) => holds(value as T, one as T)) : undefined,
  ];
}

const text = /string/;
const number = /number/;
const within = member(scalar, (value) => value);
// Only texts are ever hashed; another scalar is a present value that is in no list.
const hashed = member(text, (value) => typeof value === "string" && hashId(value));
const contains = compare<string>(text, (value, part) => value.includes(part));

/** Operators on an attribute's value. One whose name begins with "not" wants its test to fail. */
export const operators = new Map<unknown, Operator>(
  Object.entries({
    in: within,
    notIn: within,
    inHashed: hashed,
    notInHashed: hashed,
    contains,
    notContains: contains,
    startsWith: compare<string>(text, (value, part) => value.startsWith(part)),
    endsWith: compare<string>(text, (value, part) => value.endsWith(part)),
    lt: compare<number>(number, (value, bound) => value < bound),
    lte: compare<number>(number, (value, bound) => value <= bound),
    gt: compare<number>(number, (value, bound) => value > bound),
    gte: compare<number>(number, (value, bound) => value >= bound),
  }),
);
