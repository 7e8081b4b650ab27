/** Reading an untrusted document: each check returns the value with its type, or throws what is wrong with it. */

/** Thrown inside `prepare` only; its message becomes the `reason` of the refusal. */
export class Refusal extends Error {}

export function must(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Refusal(message);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function record(value: unknown, name: string): Record<string, unknown> {
  must(isRecord(value), `${name} must be an object`);
  return value;
}

export function list(value: unknown, name: string): unknown[] {
  must(Array.isArray(value), `${name} must be a list`);
  return value;
}

export function text(value: unknown, name: string): string {
  must(typeof value === "string", `${name} must be a string`);
  return value;
}

/** A whole number from 0 to `max`. */
export function count(value: unknown, name: string, max = Number.MAX_SAFE_INTEGER): number {
  must(Number.isInteger(value) && Number(value) >= 0 && Number(value) <= max, `${name} must be a whole number >= 0`);
  return Number(value);
}

export function texts(value: unknown, name: string): string[] {
  return list(value, name).map((item) => text(item, `each of ${name}`));
}
