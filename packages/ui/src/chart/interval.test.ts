import { describe, expect, it } from "vitest";
import { type ChartInterval, niceAbove, placeInterval, sharedExtent } from "./interval.ts";

const bounded = (estimate: number, low: number, high: number) => ({ state: "bounded" as const, estimate, low, high });

describe("niceAbove", () => {
  it.each([
    [0.031, 0.05],
    [0.05, 0.05],
    [0.0011, 0.002],
    [0.7, 1],
    [12, 20],
  ])("%d → %d", (value, nice) => expect(niceAbove(value)).toBe(nice));
});

describe("sharedExtent", () => {
  it("reaches the farthest end of every row", () => {
    expect(sharedExtent([bounded(0.015, -0.002, 0.032), bounded(-0.027, -0.041, -0.013)])).toBe(0.05);
  });

  it("has a size with nothing to show, and ignores rows without bounds", () => {
    const rows: ChartInterval[] = [
      { state: "undefined", reason: "no data" },
      { state: "unbounded", estimate: 3 },
    ];
    expect(sharedExtent(rows)).toBe(0.001);
    expect(sharedExtent([])).toBe(0.001);
  });

  it("does not let one wild row flatten the others", () => {
    const extent = sharedExtent([bounded(0.01, -0.01, 0.03), bounded(0.02, -9, 9)]);
    expect(extent).toBeLessThanOrEqual(0.2);
    expect(extent).toBeGreaterThanOrEqual(0.03);
  });
});

describe("placeInterval", () => {
  it("puts zero in the middle and ends in proportion", () => {
    const marks = placeInterval(bounded(0.25, 0, 0.5), 0.5, 200);
    expect(marks).toEqual({ zero: 100, low: 100, high: 200, estimate: 150, clippedLow: false, clippedHigh: false });
  });

  it("clips ends beyond the scale and says so", () => {
    const marks = placeInterval(bounded(0.3, -0.3, 0.9), 0.2, 200);
    expect(marks.low).toBe(0);
    expect(marks.high).toBe(200);
    expect(marks.estimate).toBe(200);
    expect([marks.clippedLow, marks.clippedHigh]).toEqual([true, true]);
  });

  it("stays ordered and inside, whatever comes", () => {
    for (const [low, estimate, high] of [
      [-5, 0, 5],
      [0.001, 0.0011, 0.0012],
      [-0.9, -0.8, -0.7],
    ] as const) {
      const marks = placeInterval(bounded(estimate, low, high), 0.05, 200);
      expect(marks.low).toBeLessThanOrEqual(marks.estimate);
      expect(marks.estimate).toBeLessThanOrEqual(marks.high);
      expect(marks.low).toBeGreaterThanOrEqual(0);
      expect(marks.high).toBeLessThanOrEqual(200);
    }
  });
});
