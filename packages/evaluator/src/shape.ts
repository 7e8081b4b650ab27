import { LINE } from "./hash.ts";
import { operators } from "./operators.ts";
import { RULESET_SCHEMA } from "./ruleset.ts";

/**
 * What a value must look like: anything (true), nothing (false), a pattern of its `typeof`, `[shape of each item]`,
 * `{ field: shape }` (further fields are ignored), or a function that says which, seeing the value ({} for none).
 */
type Shape = boolean | RegExp | readonly [Shape] | Fields | ((value: never) => Shape);
type Fields = { readonly [field: string]: Shape };

/** @throws Error that names the first part of the value that does not fit. */
export function check(value: unknown, shape: Shape, path: string): void {
  if (typeof shape === "function") return check(value, shape((value ?? {}) as never), path);
  if (shape instanceof RegExp ? shape.test(typeof value) : shape === true) return;
  const isList = Array.isArray(shape);
  if (!shape || shape instanceof RegExp || !value || typeof value !== "object" || isList !== Array.isArray(value)) {
    throw new Error(`${path} cannot be ${JSON.stringify(value)}`);
  }
  // A list's items are its fields, all of one shape.
  for (const field of Object.keys(isList ? value : shape)) {
    check((value as Fields)[field], (isList ? shape[0] : (shape as Fields)[field]) as Shape, `${path}.${field}`);
  }
}

const text = /string/;
const whole: Shape = (value: number) => Number.isInteger(value) && value >= 0 && value <= LINE;
const optional = (value: unknown, shape: Shape) => value === undefined || shape;

/** An object with any keys, each value of the same shape. */
const mapOf =
  (shape: Shape): Shape =>
  (value: object) =>
    Object.fromEntries(Object.keys(value).map((key) => [key, shape]));

const ids: Shape = ({ hashed }: Fields) => ({ [hashed ? "hashed" : "values"]: [text] });

const conjunction: Shape = [
  ({ op }: Fields) => {
    const operator = operators.get(op);
    if (operator) return { attribute: text, values: [operator[0]] };
    return /^(not)?inSegment$/i.test(String(op)) ? { segments: [text] } : { attribute: text, op: isPresence };
  },
];
