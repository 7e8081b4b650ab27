import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Condition, endsOf, evaluate, type Flag, type JsonValue, prepare, type Ruleset, seedOf } from "./index.ts";

function rulesetOf(flags: Record<string, Partial<Flag>>, conditions: Record<string, Condition> = {}): Ruleset {
  const plain: Flag = { variants: { on: true, off: false }, off: "off", serve: "off" };
  const email: Condition = { attribute: "email", op: "exists" };
  const asked = Object.entries({ ...conditions, email }).map(([name, condition]) => [name, [condition]]);
  return {
    digest: "d",
    schema: 2,
    environment: "shop/test",
    audience: "server",
    version: 3,
    attributes: ["targetingKey"],
    hints: { flushIntervalMs: 1000, fastLane: false },
    conditions: Object.fromEntries(asked),
    segments: { crew: { included: ["u-1"], rules: ["email"] } },
    flags: Object.fromEntries(Object.entries(flags).map(([key, flag]) => [key, { ...plain, ...flag }])),
  };
}

function prepared(document: unknown) {
  const result = prepare(document);
  if (!result.ok) throw new Error(result.reason);
  return result.ruleset;
}

const rollout = (parts: number, salt = "s"): Partial<Flag> => ({
  serve: { seed: seedOf(salt), ends: endsOf([parts]), variants: ["on"] },
});

it("growing a percentage only adds units", () => {
  const parts = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(parts, parts, fc.string({ unit: "binary", minLength: 1 }), fc.string(), (a, b, targetingKey, salt) => {
      const ruleset = prepared(
        rulesetOf({
          less: rollout(Math.min(a, b), salt),
          more: rollout(Math.max(a, b), salt),
          all: rollout(1e5, salt),
        }),
      );
      const served = (flag: string) => evaluate(ruleset, flag, { targetingKey }, false).value as boolean;
      if (served("less")) expect(served("more")).toBe(true);
      expect(served("all")).toBe(true);
    }),
  );
});

it("serves about the percentage asked for", () => {
  const ruleset = prepared(rulesetOf({ tenth: rollout(10_000) }));
  let on = 0;
  for (let i = 0; i < 50_000; i++) if (evaluate(ruleset, "tenth", { targetingKey: `u-${i}` }, false).value) on++;
  // Binomial(50,000, 0.1): a standard deviation is 67; the sample is fixed.
  expect(Math.abs(on - 5_000)).toBeLessThan(4 * 67);
});

describe("never throws", () => {
  // Every operator in turn.
  const conditions: Record<string, Condition> = Object.fromEntries(
    [
      ...["in", "notIn", "inHashed", "notInHashed", "contains", "notContains", "startsWith", "endsWith", "matches"].map(
        (op) => ({ attribute: "a", op, values: ["x"] }),
      ),
      ...["semverEq", "semverLt", "before", "after", "inCidr", "notInCidr"].map((op) => ({
        attribute: "a",
        op,
        values: ["1.2.3", "2026-03-01T12:00:00Z", "10.0.0.0/8"],
      })),
      ...["lt", "lte", "gt", "gte"].map((op) => ({ attribute: "a", op, values: [1] })),
      ...["exists", "notExists"].map((op) => ({ attribute: "a", op })),
      ...["inSegment", "notInSegment"].map((op) => ({ op, segments: ["crew"] })),
    ].map((condition) => [condition.op, condition as Condition]),
  );
  const ruled = Object.keys(conditions).map((name) => [name, { rules: [["r", name, "on"]] } as Partial<Flag>]);
  const everything = rulesetOf({ split: rollout(50_000), ...Object.fromEntries(ruled) }, conditions);
  const ruleset = prepared(everything);
  const flags = [...Object.keys(everything.flags), "missing", "__proto__", "constructor", "hasOwnProperty"];
  const odd = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
    fc.constantFrom(Symbol("s"), Symbol.iterator, 10n, () => 1, Number.NaN, -0, Infinity, "\ud800"),
  );

  it("whatever the context's values are", () => {
    fc.assert(
      fc.property(odd, odd, odd, (a, targetingKey, email) => {
        for (const flag of flags) {
          const context = { a, targetingKey, email } as never;
          const answer = evaluate(ruleset, flag, context, false);
          expect(typeof answer.value).toBe("boolean");
          expect(answer.error === undefined).toBe(answer.variant !== undefined);
        }
      }),
    );
  });

  it("whatever the context is", () => {
    fc.assert(
      fc.property(odd, (context) => {
        for (const flag of flags) expect(typeof evaluate(ruleset, flag, context as never, false).value).toBe("boolean");
      }),
    );
  });

  it("whatever the attributes are called", () => {
    const names = fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "a");
    fc.assert(
      fc.property(names, odd, (name, value) => {
        const context = Object.defineProperty({}, name, { value, enumerable: true });
        const asks = prepared(
          rulesetOf({ f: { rules: [["r", "c", "on"]] } }, { c: { attribute: name, op: "exists" } }),
        );
        expect(evaluate(asks, "f", context, false).value).toBe(value !== null && value !== undefined);
        expect(evaluate(asks, "f", {}, false).value).toBe(false);
      }),
    );
  });

  it("when reading the context throws: the default, and the reason", () => {
    const context = {
      get targetingKey(): string {
        throw new Error("no session");
      },
    };
    expect(evaluate(ruleset, "split", context, true)).toEqual({
      value: true,
      reason: "ERROR",
      version: 3,
      error: { code: "GENERAL", message: 'flag "split": the context cannot be read: no session' },
    });
    const thrower = new Proxy(
      {},
      {
        ownKeys: () => {
          throw Symbol("not even an error");
        },
      },
    );
    expect(evaluate(ruleset, "split", thrower, true).error?.code).toBe("GENERAL");
  });

  it("whatever the flag's key is", () => {
    fc.assert(
      fc.property(odd, (flag) => {
        expect(evaluate(ruleset, flag as never, {}, false).value).toBe(false);
      }),
    );
  });

  it("whatever the fallback is", () => {
    fc.assert(
      fc.property(odd, (fallback) => {
        const answer = evaluate(ruleset, "split", { targetingKey: "u" }, fallback as JsonValue);
        if (typeof fallback !== "boolean") expect(answer.error?.code).toBe("TYPE_MISMATCH");
      }),
    );
  });
});

it("answers the default before any ruleset arrived", () => {
  expect(evaluate(undefined, "f", {}, "mine")).toMatchObject({
    value: "mine",
    reason: "ERROR",
    version: 0,
    error: { code: "PROVIDER_NOT_READY" },
  });
});

it("says which attribute a split lacks", () => {
  const ruleset = prepared(
    rulesetOf({ f: { serve: { by: "accountId", seed: 1, ends: endsOf([100_000]), variants: ["on"] } } }),
  );
  expect(evaluate(ruleset, "f", { targetingKey: "u" }, false).error?.message).toContain('"accountId"');
});

it("shares frozen answers, so that nobody changes a value for the others", () => {
  const ruleset = prepared(
    rulesetOf({ theme: { type: "json", variants: { off: { deep: { colour: "navy" } } }, off: "off" } }),
  );
  const first = evaluate(ruleset, "theme", {}, { deep: { colour: "" } });
  expect(() => Object.assign(first.value.deep, { colour: "red" })).toThrow(TypeError);
  expect(() => Object.assign(first, { value: {} })).toThrow(TypeError);
  expect(evaluate(ruleset, "theme", {}, {})).toBe(first);
});
