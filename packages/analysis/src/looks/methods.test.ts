import { describe, expect, it } from "vitest";
import { planOf } from "../fixtures.ts";
import { methodsOf, pairUnits } from "./methods.ts";

describe("size of the sequences", () => {
  it("is the planned units of two arms, and a pair's mean share of more", () => {
    expect(pairUnits(planOf([], { plannedUnits: 9_000 }))).toBe(9_000);
    expect(pairUnits(planOf([], { plannedUnits: 9_000, arms: ["a", "b", "c"] }))).toBeCloseTo(6_000, 9);
    const uneven = planOf([], { plannedUnits: 10_000, arms: ["a", "b", "c"] });
    const parts = [50_000, 30_000, 20_000];
    uneven.arms = uneven.arms.map((arm, index) => ({ ...arm, parts: parts[index] ?? 0 }));
    expect(pairUnits(uneven)).toBeCloseTo(7_500, 9);
  });

  it("does not depend on the share of all traffic that takes part", () => {
    const plan = planOf([], { plannedUnits: 10_000 });
    plan.arms = plan.arms.map((arm) => ({ ...arm, parts: 5_000 }));
    expect(pairUnits(plan)).toBe(10_000);
  });

  it("is 10,000 without a plan", () => {
    expect(pairUnits(planOf([]))).toBe(10_000);
  });

  it("is the guardrails' by every method", () => {
    const methods = methodsOf(planOf([], { plannedUnits: 9_000 }), planOf([]).settings);
    expect(Object.values(methods).map(({ guardrailUnits }) => guardrailUnits)).toEqual([9_000, 9_000, 9_000]);
  });
});
