import { describe, expect, it } from "vitest";
import plans from "../../reference/plans.json";
import { thompsonWeights } from "./thompson-weights.ts";

const arms = plans.thompson.arms.map(([mean = 0, standardError = 0]) => ({ n: 1_000, mean, standardError }));

describe("Thompson weights", () => {
  it("are scipy's integrals, with a floor", () => {
    const { state, chances, weights } = thompsonWeights(arms, { direction: "increase" });
    expect(state).toBe("ok");
    for (const [i, chance] of plans.thompson.chances.entries()) {
      expect(chances?.[i]).toBeCloseTo(chance, 9);
      expect(weights[i]).toBeCloseTo(0.01 + 0.96 * chance, 9);
    }
    expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
  });

  it("turn for metrics that should decrease", () => {
    const turned = arms.map((arm) => ({ ...arm, mean: -arm.mean }));
    expect(thompsonWeights(turned, { direction: "decrease" })).toEqual(
      thompsonWeights(arms, { direction: "increase" }),
    );
  });

  it("are equal where nothing can be known", () => {
    const [a, b] = [
      { n: 99, mean: 1, standardError: 1 },
      { n: 500, mean: 2, standardError: 0 },
    ];
    const ask = (list: (typeof a)[]) => thompsonWeights(list, { direction: "increase" });
    expect(ask([a, a])).toEqual({ state: "burn_in", weights: [0.5, 0.5], chances: null });
    expect(ask([b, b]).state).toBe("zero_variance");
    expect(ask([{ ...b, mean: Number.NaN }]).state).toBe("impossible");
    expect(ask([])).toEqual({ state: "burn_in", weights: [], chances: null });
    expect(() => thompsonWeights([a, a], { direction: "increase", floor: 0.6 })).toThrow(RangeError);
  });
});
