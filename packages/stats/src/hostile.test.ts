import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  detectableEffect,
  momentsFromSums,
  type Plan,
  powerByWeek,
  powerOf,
  requiredUnits,
  thompsonWeights,
} from "./index.ts";

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
  it("in plans", () => {
    fc.assert(
      fc.property(plan, hostile, hostile, (own, effect, units) => {
        expectFinite(() => requiredUnits(own, { absolute: effect }));
        expectFinite(() => requiredUnits(own, { lift: effect }));
        expectFinite(() => powerOf(own, { lift: effect }, units));
        expectFinite(() => detectableEffect(own, units));
        expectFinite(() => powerByWeek(own, { lift: effect }, [units, 5]));
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
