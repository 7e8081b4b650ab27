/**
 * What a value must look like: anything (true), nothing (false), a pattern of its `typeof`, `[shape of each item]`,
 * `{ field: shape }` (further fields are ignored), or a function that says which, seeing the value ({} for none).
 */
export type Shape = boolean | RegExp | readonly [Shape] | Fields | ((value: never) => Shape);
export type Fields = { readonly [field: string]: Shape };

/** @throws Error that names the first part of the value that does not fit. */
export function check(value: unknown, shape: Shape, path: string): void {
  if (typeof shape === "function") {
    check(value, shape((value ?? {}) as never), path);
    return;
  }
  if (shape instanceof RegExp ? shape.test(typeof value) : shape === true) return;
  const isList = Array.isArray(shape);
  if (!shape || shape instanceof RegExp || typeof value !== "object" || !value || isList !== Array.isArray(value)) {
    throw new Error(`${path} cannot be ${JSON.stringify(value)}`);
  }
  // A list's items are its fields, all of one shape.
  for (const field of Object.keys(isList ? value : shape)) {
    check((value as Fields)[field], (isList ? shape[0] : (shape as Fields)[field]) as Shape, `${path}.${field}`);
  }
}

/** The value, or an Error saying that there is none. */
export function known<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`unknown ${name}`);
  return value;
}
