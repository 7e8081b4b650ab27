import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkRuleset, endsOf, evaluate, isIntact, prepare, type Ruleset, seedOf } from "../index.ts";
import { contexts, KEYS, rulesets } from "./arbitraries.ts";
import { referenceEvaluate } from "./reference.ts";

function engine(document: Ruleset) {
  const text = JSON.stringify(document);
  if (document.digest) expect([isIntact(text), checkRuleset(document)]).toEqual([true, undefined]);
  const result = prepare(JSON.parse(text));
  if (!result.ok) throw new Error(result.reason);
  return result.ruleset;
}

// Thousands of rulesets: slow on a busy machine.
describe("the engine", { timeout: 60_000 }, () => {
  it("answers what the plain reading of the rules answers", () => {
    const met = new Map<string, number>();
    fc.assert(
      fc.property(
        rulesets,
        fc.array(contexts, { minLength: 1, maxLength: 4 }),
        fc.shuffledSubarray(KEYS, { minLength: 4 }),
        (ruleset, all, order) => {
          const usable = engine(ruleset);
          for (const context of all) {
            for (const key of order) {
              const { version, error, ...answer } = evaluate(usable, key, context, false);
              const plain = { ...answer, ...(error && { error: error.code }) };
              expect(plain).toEqual(referenceEvaluate(ruleset, key, context, false));
              met.set(plain.error ?? plain.reason, (met.get(plain.error ?? plain.reason) ?? 0) + 1);
            }
          }
        },
      ),
      { numRuns: 3_000 },
    );
    // Or the property would prove little.
    for (const reason of [
      "STATIC",
      "DEFAULT",
      "TARGETING_MATCH",
      "SPLIT",
      "DISABLED",
      "FLAG_NOT_FOUND",
      "TARGETING_KEY_MISSING",
    ]) {
      expect(met.get(reason) ?? 0).toBeGreaterThan(20);
    }
  });

  it("is pure: the same answer again and in any order, and nothing changed", () => {
    fc.assert(
      fc.property(rulesets, contexts, (ruleset, context) => {
        const usable = engine(ruleset);
        const before = Object.getOwnPropertyDescriptors(context);
        const first = KEYS.map((key) => evaluate(usable, key, context, false));
        expect(
          [...KEYS]
            .reverse()
            .map((key) => evaluate(usable, key, context, false))
            .reverse(),
        ).toEqual(first);
        expect(Object.getOwnPropertyDescriptors(context)).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });

  it("never throws, whatever JSON is taken for a ruleset or a context", () => {
    fc.assert(
      fc.property(
        rulesets,
        fc.jsonValue(),
        fc.jsonValue(),
        fc.constantFrom("flags", "segments", "conditions", "holdouts", "hints"),
        (ruleset, junk, context, field) => {
          for (const document of [
            junk,
            { ...ruleset, [field]: junk },
            { ...ruleset, flags: { f: { ...ruleset.flags.f, rules: junk } } },
          ]) {
            expect(checkRuleset(document)).not.toBe("");
            const result = prepare(document);
            if (!result.ok) expect(result.reason).not.toBe("");
            else for (const key of KEYS) evaluate(result.ruleset, key, context as never, false);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("does not move anybody between variants when the traffic share changes", () => {
    const splitOf = (start: number, end: number) =>
      engine({
        digest: "",
        schema: 2,
        environment: "shop/test",
        audience: "server",
        version: 1,
        conditions: {},
        segments: {},
        attributes: ["targetingKey"],
        hints: { flushIntervalMs: 1, fastLane: false },
        flags: {
          f: {
            variants: { a: "a", b: "b", none: "none" },
            off: "none",
            serve: {
              by: "targetingKey",
              seed: seedOf("draw"),
              ends: endsOf([50_000, 50_000]),
              variants: ["a", "b"],
              share: { seed: seedOf("share"), start, end },
            },
          },
        },
      });
    const line = fc.nat(2 ** 32);
    fc.assert(
      fc.property(line, line, line, line, fc.string({ minLength: 1 }), (a, b, c, d, targetingKey) => {
        const [one, other] = [splitOf(a, b), splitOf(c, d)].map(
          (ruleset) => evaluate(ruleset, "f", { targetingKey }, "").value,
        );
        const drawn = [one, other].filter((value: string | undefined) => value !== "none");
        if (drawn.length === 2) expect(one).toBe(other);
      }),
    );
  });
});
