import { describe, expect, it } from "vitest";
import { posterior } from "./posterior.ts";

/** phi(x) - x Q(x) by Laplace's continued fraction for Q / phi, written so that it does not cancel. */
function lossBeyond(x: number): number {
  let rest = x;
  for (let k = 400; k >= 2; k--) rest = x + k / rest;
  const inner = 1 / rest;
  return (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * (inner / (x + inner));
}

describe("the expected loss of what is nearly sure", () => {
  it.each([3, 10, 19.9, 19.999, 20.001, 20.1, 25, 30, 37])("at %d standard errors to 1e-9", (x) => {
    const wide = { mean: 0, sd: 1e12 };
    const found = posterior({ estimate: x, standardError: 1 }, wide, { direction: "increase", alpha: 0.05 });
    expect(Math.abs((found?.lossOfShipping ?? 0) / lossBeyond(x) - 1)).toBeLessThan(1e-9);
    expect(found?.lossOfKeeping).toBeCloseTo(x + lossBeyond(x), 9);
  });
});
