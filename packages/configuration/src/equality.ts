/**
 * JSON with its members sorted by key: equal values are equal texts, whatever order a JSON column gave their members.
 * Members that are undefined are left out, as JSON has no word for them.
 */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (isRecord(part) ? sorted(part) : part)) ?? "undefined";
}

/** Whether two values are the same JSON. The one equality of what people change; never compare their texts. */
export function isSame(a: unknown, b: unknown): boolean {
  return a === b || canonical(a) === canonical(b);
}

/** As `isSame`, and an empty list says as much as an absent one. */
export function isSameFilled(a: unknown, b: unknown): boolean {
  return isSame(a, b) || isSame(withoutEmpty(a), withoutEmpty(b));
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isRecord(value)) return value;
  const filled = Object.entries(value).filter(([, part]) => !(Array.isArray(part) && part.length === 0));
  return Object.fromEntries(filled.map(([key, part]) => [key, withoutEmpty(part)]));
}

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
