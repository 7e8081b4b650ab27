import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerLine } from "./door/answer.ts";
import {
  analyseMetric,
  type Comparison,
  decideVerdict,
  detectableEffect,
  jointPower,
  momentsFromSums,
  type Plan,
  powerByWeek,
  powerOf,
  requiredUnits,
  requiredUnitsTogether,
  runningResult,
  thompsonWeights,
  type VerdictCode,
  type VerdictFacts,
} from "./index.ts";
import { readGuardrail } from "./verdict/guardrail.ts";

const edges = [0, 1, -1, 0.1, 1e-300, 5e-324, 1e300, -1e308, 1e12, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53];
const hostile = fc.oneof(fc.constantFrom(...edges), fc.double(), fc.integer({ min: -3, max: 1_000 }));

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

/** An answer of finite numbers, or a RangeError: that is for the caller. */
function expectFinite(ask: () => unknown): void {
  try {
    expect(numbersIn(ask()).filter((x) => !Number.isFinite(x))).toEqual([]);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

const plan: fc.Arbitrary<Plan> = fc.record({
  baseline: fc.record({ value: hostile, unitVariance: hostile, isRate: fc.boolean() }),
  method: fc.oneof(
    fc.constant({ kind: "fixed" as const }),
    fc.record({ kind: fc.constant("sequence" as const), plannedUnits: hostile }),
  ),
  alpha: fc.constantFrom(0.05, 0.01),
  shares: fc.constantFrom({ control: 1, treatment: 1, all: 2 }, { control: 1e-9, treatment: 1, all: 2 }),
  correlation: fc.constantFrom(0, 0.5, 1),
});

describe("whatever the numbers, never NaN or Infinity", () => {
  it("in plans", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(plan, hostile, hostile, (own, effect, units) => {
        expectFinite(() => requiredUnits(own, { absolute: effect }));
        expectFinite(() => requiredUnits(own, { lift: effect }));
        expectFinite(() => powerOf(own, { lift: effect }, units));
        expectFinite(() => detectableEffect(own, units));
        expectFinite(() => powerByWeek(own, { lift: effect }, [units, 5]));
        const guardrail = { plan: own, margin: { absolute: effect }, direction: "increase" as const };
        expectFinite(() => requiredUnitsTogether({ primary: [], guardrails: [guardrail] }));
        const primary = [{ plan: own, effect: { lift: effect } }];
        expectFinite(() =>
          jointPower({ primary, guardrails: [{ ...guardrail, margin: { relative: effect } }] }, units),
        );
      }),
      { numRuns: 1_500 },
    );
  });

  it("in Thompson's shares, which add up to 1", () => {
    const arms = fc.array(fc.record({ n: hostile, mean: hostile, standardError: hostile }), { maxLength: 4 });
    fc.assert(
      fc.property(arms, (list) => {
        const found = thompsonWeights(list, { direction: "increase" });
        expectFinite(() => found);
        if (list.length > 0) expect(found.weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 9);
      }),
      { numRuns: 1_000 },
    );
  });

  it("in moments from sums", () => {
    const sums = fc.record({ n: hostile, sum: hostile, sumSquares: hostile, shift: hostile });
    fc.assert(
      fc.property(sums, (own) => expectFinite(() => momentsFromSums(own))),
      { numRuns: 1_000 },
    );
  });
});

const counts = fc.oneof(fc.integer({ min: 0, max: 2_000 }), hostile);
const conversions = fc.array(fc.record({ n: counts, converted: counts }), { minLength: 2, maxLength: 2 });
const moments = fc.array(fc.record({ n: counts, mean: hostile, m2: hostile }), { minLength: 2, maxLength: 2 });
const direction = fc.constantFrom("increase" as const, "decrease" as const);

/** A comparison of hostile arms, at a second look. */
const comparison = (role: "primary" | "guardrail"): fc.Arbitrary<Comparison> =>
  fc
    .tuple(
      fc.oneof(
        fc.tuple(conversions, conversions).map((looks) => looks.map((arms) => ({ kind: "conversion" as const, arms }))),
        fc.tuple(moments, moments).map((looks) => looks.map((arms) => ({ kind: "mean" as const, arms }))),
      ),
      direction,
    )
    .map(([looks, d]) => {
      const how = { method: { kind: "sequence" as const, plannedUnits: 1_000 }, alpha: 0.05 };
      const found = looks.flatMap((look) => analyseMetric({ ...look, role, direction: d }, how).comparisons);
      return found.reduce((before, now) => runningResult(before, now));
    });

const facts: fc.Arbitrary<VerdictFacts> = fc.record({
  health: fc.array(fc.constantFrom("split" as const, "no_data" as const), { maxLength: 1, size: "-1" }),
  units: fc.record({ smallestArm: counts, minimum: counts }),
  readable: fc.boolean(),
  ended: fc.boolean(),
  treatments: fc.array(
    fc.record({
      primary: fc.array(fc.record({ comparison: comparison("primary"), smallestEffect: fc.option(hostile) }), {
        maxLength: 2,
      }),
      guardrails: fc.array(
        fc.record({
          comparison: comparison("guardrail"),
          margin: hostile,
          absoluteMargin: fc.option(hostile),
          direction,
          needs: fc.constantFrom("shown" as const, "no_harm" as const),
          isReceived: fc.boolean(),
        }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 3 },
  ),
});

const codes: VerdictCode[] = [
  "collecting",
  "keep_running",
  "ship",
  "no_difference",
  "too_small",
  "roll_back",
  "mixed",
  "do_not_decide",
];

describe("whatever the facts, one of eight verdicts", () => {
  it("with finite numbers, about treatments that there are", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(facts, (own) => {
        let verdict: ReturnType<typeof decideVerdict>;
        try {
          verdict = decideVerdict(own);
        } catch (error) {
          if (error instanceof RangeError) return;
          throw error;
        }
        expect(codes).toContain(verdict.code);
        expect(numbersIn(verdict).filter((x) => !Number.isFinite(x))).toEqual([]);
        expect(verdict.treatment ?? 0).toBeLessThan(Math.max(1, own.treatments.length));
        expect(verdict.wouldChange.length).toBeGreaterThan(0);
        if (own.health.length > 0) expect(verdict.code).toBe("do_not_decide");
        if (verdict.code === "ship" && verdict.treatment !== null) {
          const shipped = own.treatments[verdict.treatment];
          expect(shipped?.primary.some(({ comparison: { outcome } }) => outcome === "better")).toBe(true);
          // One that is worse by less than matters does not stand in the way.
          expect(
            shipped?.primary.some(
              ({ comparison: { outcome }, smallestEffect }) =>
                outcome === "worse" && !(smallestEffect !== null && smallestEffect > 0),
            ),
          ).toBe(false);
          const shown = shipped?.guardrails.map((guardrail) => readGuardrail(guardrail).code) ?? [];
          expect(shown.filter((code) => code !== "guardrail_shown" && code !== "guardrail_no_harm")).toEqual([]);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

const readme = readFileSync(fileURLToPath(new URL("../README.md", import.meta.url)), "utf8");
const examples = [...readme.matchAll(/^\{"case".*$/gm)].map(([line]) => JSON.parse(line) as unknown);
const jsonEdge = fc.oneof(
  fc.constantFrom<unknown>(...[0, -1, 1, 0.5, 1e300, -1e308, 5e-324, 2 ** 53, null, "", "0.05", true, [], {}, [[1]]]),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** The value with its `at`-th part (counted in depth) replaced, or left out where `by` is undefined. */
function replaced(value: unknown, at: { left: number }, by: unknown): unknown {
  at.left -= 1;
  if (at.left === 0) return by;
  if (Array.isArray(value)) return value.map((item) => replaced(item, at, by)).filter((item) => item !== undefined);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, at, by)]));
}

const spoilt = fc
  .tuple(
    fc.constantFrom(...examples),
    fc.array(fc.tuple(fc.nat(60), fc.option(jsonEdge, { nil: undefined })), { minLength: 1, maxLength: 3 }),
  )
  .map(([example, changes]) =>
    changes.reduce<unknown>((value, [left, by]) => replaced(value, { left: left + 2 }, by), example),
  );

/** Values of these keys, which are chances and never 0. */
function chancesIn(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  const own = Object.entries(value).filter(([key]) => ["p", "adjustedP", "chanceToWin", "chanceToLose"].includes(key));
  return [...own.map(([, chance]) => chance), ...Object.values(value).flatMap(chancesIn)];
}

function expectLine(text: string): void {
  const line = answerLine(text);
  expect("result" in line !== "error" in line).toBe(true);
  if ("error" in line) {
    expect(line.error.length).toBeGreaterThan(0);
    return;
  }
  expect(numbersIn(line.result).filter((x) => !Number.isFinite(x))).toEqual([]);
  for (const chance of chancesIn(line.result)) {
    if (chance !== null) expect(typeof chance === "number" && chance > 0 && chance <= 1, text).toBe(true);
  }
}

describe("whatever line comes to the door, a result or an error, of finite numbers", () => {
  it("for text and JSON that are no case", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), expectLine), { numRuns: 500 });
  });

  it("for cases with spoilt, missing and extreme parts", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(spoilt, (value) => expectLine(JSON.stringify(value))),
      { numRuns: 3_000 },
    );
  });

  it("for looks that are many, early or close", { timeout: 60_000 }, () => {
    const ask = (fractions: number[]) => answerLine(JSON.stringify({ case: "boundaries", alpha: 0.05, fractions }));
    expect(ask([0.5, 0.5 + 1e-15, 1])).toHaveProperty("error");
    expect(ask(Array.from({ length: 51 }, (_, i) => (i + 1) / 51))).toHaveProperty("error");
    const even = Array.from({ length: 50 }, (_, i) => (i + 1) / 50);
    for (const fractions of [[1e-12, 1], [0.5, 0.501, 0.502, 1], even]) {
      const line = ask(fractions);
      expect("result" in line && numbersIn(line.result).every((z) => z > 1.9)).toBe(true);
    }
    expectLine(JSON.stringify({ case: "boundaries", alpha: 1e-200, fractions: [1e-12, 1] }));
  });

  it("for numbers that JSON can write and a double cannot hold", () => {
    expect(answerLine('{"case":"moments","values":[1e999,1]}')).toHaveProperty("error");
    expect(answerLine('{"case":"moments","values":[1.7e308,-1.7e308,1.7e308]}')).toHaveProperty("error");
  });
});
