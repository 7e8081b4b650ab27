import type { MetricMoments } from "@telltale/events";
import { analyseMetric } from "@telltale/stats";
import { describe, expect, it } from "vitest";
import { metric, planOf, share } from "../fixtures.ts";
import type { PlannedMetric } from "../plan/plan.ts";
import { metricArms } from "./metric-arms.ts";
import { metricResult } from "./metric-result.ts";

const plan = planOf([]);
const source = { event: "buy", where: [] };
const capped = metric("sum", {
  definition: { kind: "sum", source, cap: { level: 0.99, includeZeros: false } },
});

function result(own: PlannedMetric, moments: (MetricMoments | undefined)[], adjusts = true) {
  const input = { ...metricArms(own, moments, adjusts), role: own.role, direction: own.direction };
  const now = analyseMetric(input, { method: { kind: "fixed" }, alpha: 0.05 });
  const reading = { input, now, results: now.comparisons, look: input };
  return metricResult(plan, own, moments, reading, { caps: { sum: { y: 50, x: null } }, missing: {} });
}

describe("a metric's result", () => {
  it("has a share's conversions and funnel steps", () => {
    const funnel = metric("funnel", { definition: { kind: "funnel", steps: [source, source], withinSeconds: 60 } });
    const found = result(funnel, [{ form: "share", n: 10, converted: 2, reached: [5, 2] }, share(10, 4)]);
    expect(found.arms).toEqual([
      {
        variant: "control",
        n: 10,
        value: 0.2,
        raw: 0.2,
        converted: 2,
        reached: [5, 2],
        capped: null,
        histogram: null,
      },
      expect.objectContaining({ variant: "treatment", converted: 4, reached: null }),
    ]);
    expect(found).toMatchObject({ kind: "funnel", adjustment: null, cap: null });
    expect(found.comparisons.map(({ variant }) => variant)).toEqual(["treatment"]);
  });

  it("has the adjusted value beside the raw one", () => {
    const before = (meanX: number) => ({ n: 100, meanY: 5, meanX, yy: 400, xx: 400, xy: 300 });
    const arm = (meanX: number): MetricMoments => ({
      form: "mean",
      n: 100,
      mean: 5,
      m2: 400,
      capped: 3,
      histogram: [{ from: 0, to: 9, units: 100 }],
      before: before(meanX),
    });
    const found = result(capped, [arm(4), arm(6)]);
    // Theta is 0.75, the mean of x is 5.
    expect(found.arms.map(({ value, raw }) => [value, raw])).toEqual([
      [5.75, 5],
      [4.25, 5],
    ]);
    expect(found.adjustment?.theta).toBeCloseTo(0.75, 12);
    expect(found.adjustment?.varianceReduction).toBeCloseTo(0.5625, 12);
    expect(found.cap).toEqual({ level: 0.99, y: 50, x: null });
    const absolute = { ...capped, definition: { kind: "sum" as const, source, cap: { at: 50 } } };
    expect(result(absolute, [arm(4), arm(6)]).cap).toEqual({ level: null, y: 50, x: null });
    expect(found.arms[0]).toMatchObject({ capped: 3, histogram: [{ from: 0, to: 9, units: 100 }] });
    expect(result(capped, [arm(4), arm(6)], false)).toMatchObject({
      adjustment: null,
      arms: [
        { value: 5, raw: 5 },
        { value: 5, raw: 5 },
      ],
    });
  });

  it("has named nothing for an arm without data", () => {
    const found = result(capped, [undefined, undefined]);
    expect(found.arms[1]).toEqual({
      variant: "treatment",
      n: 0,
      value: null,
      raw: null,
      converted: null,
      reached: null,
      capped: null,
      histogram: null,
    });
    expect(found.comparisons[0]?.comparison.state).toBe("no_data");
  });
});
