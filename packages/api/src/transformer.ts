import superjson from "superjson";

type Envelope = Parameters<typeof superjson.deserialize>[0];

/**
 * How values travel between pages and the API: JSON with a list of the dates in it, in the words of superjson, which
 * reads it. Superjson does not write it: it refuses members called `constructor` or `prototype`, and a flag may hold any
 * JSON.
 */
export const transformer = {
  serialize(value: unknown): Envelope {
    const dates: Record<string, ["Date"]> = {};
    for (const path of pathsOfDates(value, [])) dates[path.map(escapeKey).join(".")] = ["Date"];
    // As in `JSON.stringify`, members that are undefined are left out.
    const json = value as Envelope["json"];
    if (value instanceof Date) return { json, meta: { values: ["Date"], v: 1 } };
    return Object.keys(dates).length === 0 ? { json } : { json, meta: { values: dates, v: 1 } };
  },
  /** Without dates the JSON is the value, with every member that was sent. */
  deserialize: (envelope: Envelope): unknown => (envelope.meta ? superjson.deserialize(envelope) : envelope.json),
};

function pathsOfDates(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (value instanceof Date) return path.length === 0 ? [] : [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => pathsOfDates(part, [...path, key]));
}

function escapeKey(key: string): string {
  return key.replaceAll("\\", "\\\\").replaceAll(".", "\\.");
}
