import fc from "fast-check";
import type { z } from "zod";

/** Values that databases, printers, walkers and counters stumble over. */
const HOSTILE: readonly unknown[] = [
  ...["\0", "a\0b", "\ud83d", "\udc00x", "\u2028", "\ufeff", "é".repeat(9_000), " ", "", "%00", "';--", "😀"],
  ...["__proto__", "constructor", "prototype", "hasOwnProperty", "then", "toJSON", "NaN", "1e999", "٣"],
  ...[Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 31, 2 ** 31 - 1, -(2 ** 31), 2 ** 32, 2 ** 63],
  ...[2 ** 53, Number.MAX_SAFE_INTEGER, -1, 0, -0, 0.1, 1e21, 1e-7, 1e308],
  ...[null, true, [], {}, [[]], [null], { json: 1 }, JSON.parse('{"then":1}'), { toJSON: 1 }, { length: 1e9 }],
  ...[{ constructor: 1 }, { prototype: { a: 1 } }, JSON.parse('{"__proto__":{"a":1}}'), { "a\0": 1 }, { "\ud83d": 1 }],
  ...["$list-200", "$list-9000", "$object-9000", "$wide"],
];

const nested = (open: string, close: string, levels: number) => `${open.repeat(levels)}1${close.repeat(levels)}`;

/** Values that a printer of ours could not write: they are put into the text. */
const WRITTEN: readonly (readonly [string, string])[] = [
  ["$list-200", nested("[", "]", 200)],
  ["$list-9000", nested("[", "]", 9_000)],
  ["$object-9000", nested('{"a":', "}", 9_000)],
  ["$wide", JSON.stringify(Array.from({ length: 2_000 }, () => "x"))],
];

/** An input as it is sent; `known` is the JSON of what only the database knows, by the name it has here. */
export function write(input: unknown, known: ReadonlyMap<string, unknown>): string | undefined {
  if (input === undefined) return undefined;
  let text = JSON.stringify({ json: input });
  for (const [name, value] of WRITTEN) text = text.replaceAll(`"${name}"`, value);
  for (const [name, value] of known) text = text.replaceAll(`"${name}"`, JSON.stringify(value));
  return text;
}

const hostile = fc.constantFrom(...HOSTILE);

/** JSON of any shape, with names that mean something to JavaScript. */
const json = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.dictionary(
    fc.constantFrom("constructor", "prototype", "toString", "valueOf", "a.b", "\\", "json", "meta"),
    fc.jsonValue(),
    {
      maxKeys: 3,
    },
  ),
  hostile,
);

const shares = [
  { variant: "off", parts: 50_000 },
  { variant: "on", parts: 50_000 },
];

/** What is there, by the name of the member that asks for it: most inputs must get past the first look-up. */
const KNOWN: Record<string, readonly unknown[]> = {
  project: ["demo/shop"],
  organisation: ["demo"],
  flag: ["banner", "shape"],
  environment: ["production"],
  experiment: ["first", "second"],
  metric: ["bought"],
  segment: ["crew"],
  segments: [["crew"]],
  snapshot: ["$snapshot"],
  request: ["$request"],
  arms: [shares],
  weights: [shares],
  metrics: [[{ key: "bought", role: "primary" }]],
  variant: ["on", "off"],
  off: ["off"],
  salt: ["salt"],
  key: [
    "crew",
    "banner",
    "bought",
    "constructor",
    "prototype",
    "tostring",
    "new-1",
    "new-2",
    "new-3",
    "new-4",
    "new-5",
  ],
  expectedRevision: ["$revision"],
  toRevision: [1, 2],
  change: [1, 2, 3],
  commands: [
    [{ name: "flag.switch", input: { project: "demo/shop", flag: "banner", environment: "production", on: true } }],
  ],
};

/** Lists that may be empty: mostly they are, so that what they hold does not keep a call from getting far. */
const OFTEN_EMPTY = new Set(["rules", "targets", "when", "where", "prerequisites", "included", "excluded", "holdouts"]);

/**
 * Inputs that a schema would take, all but a few with something hostile in one place: most calls reach the door, the
 * database or the store with one odd value. Derived from the schema, so that a new procedure is attacked without a word.
 */
export function hostileInputsOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  const place = fc.option(fc.nat({ max: 1_000 }), { nil: undefined, freq: 7 });
  return fc
    .tuple(soundOf(schema, ""), place, hostile)
    .map(([input, at, value]) => (at === undefined ? input : withOne(input, at, value)));
}

/** Each of these once in every place of some inputs: what databases are known to refuse. */
const REFUSED: readonly unknown[] = ["a\0b", "\ud83d", Number.MAX_VALUE, 2 ** 31, "$object-9000"];

export function refusedIn(schema: z.ZodType, seed: number): unknown[] {
  return fc.sample(soundOf(schema, ""), { numRuns: 3, seed }).flatMap((input) => {
    const places = placesIn(input).map((_, at) => at);
    return places.flatMap((at) => REFUSED.map((value) => withOne(input, at, value)));
  });
}

/** The value with another one in place of one of its parts, or of a member's name. */
function withOne(input: unknown, at: number, hostile: unknown): unknown {
  const places = placesIn(input);
  const place = places[at % Math.max(places.length, 1)];
  if (!place) return hostile;
  const copy = structuredClone(input);
  const parent = place.slice(0, -1).reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], copy);
  Object.assign(parent as object, { [place.at(-1) ?? ""]: hostile });
  return copy;
}

function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    const place = [...path, key];
    return [place, ...placesIn(part, place)];
  });
}

type Definition = Record<string, unknown> & { type: string };

function soundOf(schema: z.ZodType, name: string): fc.Arbitrary<unknown> {
  const known = KNOWN[name];
  if (known) return fc.constantFrom(...known);
  const definition = schema._zod.def as unknown as Definition;
  const inner = () => soundOf(definition.innerType as z.ZodType, name);
  switch (definition.type) {
    case "object":
      return objectOf(definition.shape as Record<string, z.ZodType>);
    case "array":
      return listOf(soundOf(definition.element as z.ZodType, name), name);
    case "union":
      return fc.oneof(...(definition.options as z.ZodType[]).map((option) => soundOf(option, name)));
    case "optional":
    case "default":
      return fc.option(inner(), { nil: undefined });
    case "nullable":
      return fc.option(inner(), { nil: null });
    case "enum":
      return fc.constantFrom(...Object.values(definition.entries as Record<string, unknown>));
    case "literal":
      return fc.constantFrom(...(definition.values as unknown[]));
    case "number":
      return numberOf(schema as z.ZodNumber);
    case "string":
      return fc.constantFrom(
        "on",
        "banner",
        "purchase",
        "country",
        "https://shop.example",
        "1.2.3",
        "7",
        "a",
        "x y",
        "tt",
      );
    case "boolean":
      return fc.boolean();
    case "lazy":
      return json;
    case "void":
      return fc.constant(undefined);
    default:
      throw new Error(`Say here how to make a ${definition.type}.`);
  }
}

function listOf(element: fc.Arbitrary<unknown>, name: string): fc.Arbitrary<unknown> {
  const filled = fc.array(element, { minLength: 1, maxLength: 2 });
  return OFTEN_EMPTY.has(name) ? fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, filled) : filled;
}

function objectOf(shape: Record<string, z.ZodType>): fc.Arbitrary<unknown> {
  const members = Object.entries(shape).map(([name, part]) => [name, soundOf(part, name)] as const);
  return fc.record(Object.fromEntries(members));
}

function numberOf({ minValue, maxValue }: z.ZodNumber): fc.Arbitrary<unknown> {
  const within = (value: number) => Math.min(Math.max(value, minValue ?? value), maxValue ?? value);
  return fc.constantFrom(...[0, 1, 0.5, 50_000, 1e12, Number.MAX_VALUE].map(within));
}

/** Requests that no client writes: the envelope itself is attacked. The text is the body, or the query's `input`. */
export const ENVELOPES: readonly string[] = [
  ...[
    "",
    "x",
    "null",
    "5",
    "[]",
    "{}",
    '"\\u0000"',
    "{",
    '{"0":null}',
    '{"json":null}',
    '{"json":{"project":"demo/shop"}}',
  ],
  ...["regexp", "bigint", "Date", "Error", "set", "map", "URL", "undefined", "number", "nothing"].map(typed),
  ...[["custom", "x"], ["class", "X"], ["symbol", "x"], ["typed-array", "Int8Array"], ["regexp"], [["set"]]].map(
    (tree) => JSON.stringify({ json: { project: "(" }, meta: { values: { project: tree }, v: 1 } }),
  ),
  JSON.stringify({ json: { project: {} }, meta: { referentialEqualities: { project: ["project.a"] } } }),
  JSON.stringify({ json: { project: {} }, meta: { referentialEqualities: [["project"]] } }),
  JSON.stringify({ json: { project: {} }, meta: { values: { "constructor.prototype.a": ["Date"] } } }),
  `{"json":${nested("[", "]", 20_000)}}`,
  `{"json":{"project":${nested('{"a":', "}", 20_000)}}}`,
];

function typed(type: string): string {
  return JSON.stringify({ json: { project: "(", flag: "((" }, meta: { values: { project: [type] }, v: 1 } });
}
