import { describe, expect, it } from "vitest";
import { arm, planOf, share } from "../fixtures.ts";
import { countOf, countUnitsByArm, momentsByArm, peopleOf, weightsOf } from "./arms.ts";

const plan = planOf([], { arms: ["a", "b", "c"] });
const rows = [arm("c", { buy: share(3, 1) }), arm("a", { buy: share(5, 2) }), arm("x", { buy: share(9, 9) })];

describe("arms", () => {
  it("are in the plan's order, whatever the store's", () => {
    expect(countUnitsByArm(plan, rows)).toEqual([5, 0, 3]);
    expect(momentsByArm(plan, rows, "buy")).toEqual([share(5, 2), undefined, share(3, 1)]);
    const moments = { variants: rows, severalVariants: 4, series: [], caps: {}, events: {} };
    expect(peopleOf(plan, moments)).toEqual({ people: 8, several: 4 });
  });

  it("have weights, also where the plan's parts are none", () => {
    const parts = [50_000, 25_000, 25_000];
    const uneven = { ...plan, arms: plan.arms.map((own, index) => ({ ...own, parts: parts[index] ?? 0 })) };
    expect(weightsOf(uneven)).toEqual([1, 0.5, 0.5]);
    expect(weightsOf({ ...plan, arms: plan.arms.map((own) => ({ ...own, parts: 0 })) })).toEqual([1, 1, 1]);
  });

  it("count what can be counted", () => {
    expect([3, 0, -1, Number.NaN, undefined, 1e300].map(countOf)).toEqual([3, 0, 0, 0, 0, Number.MAX_SAFE_INTEGER]);
  });
});
