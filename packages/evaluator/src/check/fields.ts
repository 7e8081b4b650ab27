import { LINE } from "../hash.ts";

/** Readers of a document nobody has looked at yet; each throws an Error that names the field that does not fit. */

export type Fields = Readonly<Record<string, unknown>>;

export function rejectField(field: string, value: unknown): never {
  throw new Error(`${field} cannot be ${JSON.stringify(value)}`);
}

export type Type = "string" | "number" | "boolean" | "scalar" | "instant";

/** `scalar` is any of the three; `instant` a text or a number. */
export function is(value: unknown, type: Type, field: string): void {
  const own = typeof value;
  if (own === type) return;
  if (type === "scalar" || type === "instant") {
    if (own === "string" || own === "number" || (own === "boolean" && type === "scalar")) return;
  }
  rejectField(field, value);
}

export function isWhole(value: unknown, field: string): void {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > LINE) rejectField(field, value);
}

export function fieldsOf(value: unknown, field: string): Fields {
  return typeof value === "object" && value && !Array.isArray(value) ? (value as Fields) : rejectField(field, value);
}

export function listOf(value: unknown, field: string): readonly unknown[] {
  return Array.isArray(value) ? value : rejectField(field, value);
}

export function isListOf(value: unknown, type: Type, field: string): void {
  for (const one of listOf(value, field)) is(one, type, field);
}

/** Names something that is there. */
export function isNameIn(known: Fields, name: unknown, field: string): void {
  if (typeof name !== "string" || !Object.hasOwn(known, name)) rejectField(field, name);
}

/** Looks at each entry; an error says in which it was. */
export function inEach(value: unknown, field: string, look: (entry: unknown) => void): void {
  const entries = fieldsOf(value, field);
  for (const key of Object.keys(entries)) {
    try {
      look(entries[key]);
    } catch (cause) {
      throw new Error(`${field} "${key}": ${(cause as Error).message}`);
    }
  }
}
