import fc from "fast-check";
import { type Condition, createNaming, endsOf, hashId, type Ruleset, type Serve, sealed, seedOf } from "../index.ts";

/** Values that are near one another, so that conditions are met about as often as not. */
const texts = fc.constantFrom("", "a", "b", "ab", "u-1", "u-2", "é", "😀", "DE", "beta", "12", "v1.2", "1.2.0-rc.1");
const versions = fc.oneof(
  fc.constantFrom(
    "1.2.3",
    "v1.2",
    "1",
    "1.2.3-rc.1",
    "1.2.3-rc.1.1",
    "1.2.3-1",
    "1.2.3+b",
    "01.2.3",
    "1.2.3-01",
    "x",
    "1.10.0",
  ),
  fc
    .tuple(fc.nat(3), fc.nat(11), fc.constantFrom("", "-a", "-a.b", "-a-b", "-2", "-11", "+x"))
    .map(([a, b, c]) => `${a}.${b}.0${c}`),
);
const moments = fc.oneof(
  fc.constantFrom(
    "2026-03-01T12:00:00Z",
    "2026-03-01t13:00:00.5+01:00",
    "2026-02-30T00:00:00Z",
    "2026-03-01",
    "soon",
    "2024-02-29T23:59:59-23:59",
  ),
  fc.constantFrom(1772366400000, 0, -1, 1772366400001),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("2100-01-01") }).map((date) => date.toISOString()),
);
const addresses = fc.oneof(
  fc.constantFrom(
    "10.0.0.1",
    "10.1.2.3",
    "::ffff:10.0.0.1",
    "::ffff:a00:1",
    "2001:db8::1",
    "2001:DB8::ffff",
    "::",
    "1.2.3",
    "10.0.0.256",
    "fe80::1%e",
    "1::2::3",
  ),
  fc.ipV4(),
  fc.ipV6(),
);
const blocks = fc.oneof(
  addresses,
  fc.constantFrom(
    "10.0.0.0/8",
    "10.1.2.3/16",
    "0.0.0.0/0",
    "::/0",
    "2001:db8::/32",
    "::ffff:0:0/96",
    "::ffff:10.0.0.0/104",
    "10.0.0.0/33",
    "x/8",
  ),
  fc.tuple(fc.ipV6(), fc.nat(128)).map(([address, prefix]) => `${address}/${prefix}`),
);
const numbers = fc.constantFrom(-1, 0, 1, 12, 12.5, 1772366400000);
const scalars = fc.oneof(texts, numbers, fc.boolean());
const values = fc.oneof(scalars, versions, moments, addresses, fc.constantFrom(null, { x: 1 }, undefined));
const attributes = fc.constantFrom("a", "b", "targetingKey", "toString", "__proto__");
const many = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 6 });

const conditions: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ attribute: attributes, op: fc.constantFrom("in", "notIn"), values: many(scalars) }),
  fc.record({ attribute: attributes, op: fc.constantFrom("inHashed", "notInHashed"), values: many(texts.map(hashId)) }),
  fc.record({
    attribute: attributes,
    op: fc.constantFrom("contains", "notContains", "startsWith", "endsWith"),
    values: many(texts),
  }),
  fc.record({
    attribute: attributes,
    op: fc.constantFrom("matches", "notMatches"),
    values: many(fc.constantFrom("^a", "b$", ".", "(", "\\p{L}{2}", "^.$")),
  }),
  fc.record({ attribute: attributes, op: fc.constantFrom("lt", "lte", "gt", "gte"), values: many(numbers) }),
  fc.record({
    attribute: attributes,
    op: fc.constantFrom("semverEq", "semverLt", "semverLte", "semverGt", "semverGte"),
    values: many(versions),
  }),
  fc.record({ attribute: attributes, op: fc.constantFrom("before", "after"), values: many(moments) }),
  fc.record({ attribute: attributes, op: fc.constantFrom("inCidr", "notInCidr"), values: many(blocks) }),
  fc.record({ attribute: attributes, op: fc.constantFrom("exists", "notExists") }),
) as fc.Arbitrary<Condition>;
const withSegments = fc.oneof(
  { weight: 4, arbitrary: conditions },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constantFrom("inSegment" as const, "notInSegment" as const),
      segments: fc.subarray(["s", "t"]),
    }),
  },
);

// In clear or hashed, whatever the audience: one of the two is listed rightly.
const ids = fc.oneof(
  many(texts),
  many(texts).map((list) => list.map(hashId)),
);
const seeds = fc.constantFrom("one", "two", "three").map(seedOf);
const units = fc.constantFrom("targetingKey", "b");
const ends = fc.constantFrom(0, 30_000, 50_000, 100_000).map((parts) => endsOf([parts])[0] ?? 0);
const serves: fc.Arbitrary<Serve> = fc.oneof(
  fc.constantFrom("on", "off"),
  fc.record(
    {
      by: units,
      seed: seeds,
      ends: fc.constantFrom(endsOf([50_000, 50_000]), endsOf([10_000, 20_000]), endsOf([0, 100_000])),
      variants: fc.constant(["on", "off"]),
      share: fc.record({ seed: seeds, start: ends, end: ends }, { requiredKeys: ["seed", "end"] }),
      experiment: fc.constantFrom("e", "f"),
      holdouts: fc.subarray(["h", "i"]),
    },
    { requiredKeys: ["seed", "ends", "variants"] },
  ),
) as fc.Arbitrary<Serve>;

export const KEYS = ["f", "g", "h", "constructor"];
const flags = fc.record(
  {
    on: fc.constantFrom(undefined, undefined, undefined, false),
    archived: fc.constant(true as const),
    variants: fc.constant({ on: true, off: false }),
    off: fc.constantFrom("on", "off"),
    prerequisites: fc.array(
      fc.record({ flag: fc.constantFrom(...KEYS, "gone"), variants: fc.subarray(["on", "off"]) }),
      { maxLength: 2 },
    ),
    targets: fc.array(fc.record({ variant: fc.constantFrom("on", "off"), ids }), { maxLength: 2 }),
    rules: fc.array(
      fc.record({ id: fc.constantFrom("r1", "r2"), when: fc.array(withSegments, { maxLength: 3 }), serve: serves }),
      { maxLength: 3 },
    ),
    serve: serves,
  },
  { requiredKeys: ["on", "variants", "off", "rules", "serve"] },
);
const segments = fc.record(
  {
    included: ids,
    excluded: ids,
    rules: fc.array(fc.array(conditions, { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
  },
  { requiredKeys: ["rules"] },
);
export const rulesets: fc.Arbitrary<Ruleset> = fc
  .record({
    audience: fc.constantFrom("server" as const, "client" as const),
    flags: fc.tuple(flags, flags, flags, flags),
    segments: fc.record({ s: segments, t: segments }),
    holdouts: fc.record({
      h: fc.record({ by: units, seed: seeds, end: ends }),
      i: fc.record({ by: units, seed: seeds, end: ends }),
    }),
  })
  .map(({ audience, flags, segments: { s, t }, holdouts }) => {
    const naming = createNaming();
    const named = flags.map(({ rules, ...flag }) => ({
      ...flag,
      rules: rules.map(({ id, when, serve }) => [id, naming.nameOf(when), serve]),
    }));
    const asked = ({ rules, ...segment }: typeof s) => ({
      ...segment,
      rules: rules.map((when) => naming.nameOf(when)),
    });
    const content = {
      schema: 2 as const,
      environment: "shop/test",
      audience,
      version: 3,
      attributes: ["targetingKey"],
      hints: { flushIntervalMs: 1, fastLane: false },
      segments: { s: asked(s), t: asked(t) },
      holdouts,
      flags: Object.fromEntries(KEYS.map((key, i) => [key, named[i]])),
    };
    return sealed({ ...content, conditions: naming.all() } as unknown as Omit<Ruleset, "digest">);
  });

export const contexts = fc
  .array(
    fc.tuple(
      attributes,
      fc.oneof({ weight: 4, arbitrary: values }, { weight: 1, arbitrary: fc.array(values, { maxLength: 3 }) }),
    ),
  )
  // Defined, so that "__proto__" becomes an attribute and not a prototype.
  .map((pairs) => {
    const context = {};
    for (const [name, value] of pairs)
      Object.defineProperty(context, name, { value, enumerable: true, configurable: true, writable: true });
    return context as Record<string, unknown>;
  });
