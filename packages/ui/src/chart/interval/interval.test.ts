import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ChartInterval, niceAbove, placeInterval, sharedExtent } from "./interval.ts";

const bounded = (estimate: number, low: number, high: number) => ({
  state: "bounded" as const,
  estimate,
  low,
  high,
  level: 0.95,
});

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
      { state: "unknown", reason: "no_data", estimate: null },
      { state: "unbounded", estimate: 3, level: 0.95 },
    ];
    expect(sharedExtent(rows)).toBe(0.001);
    expect(sharedExtent([])).toBe(0.001);
  });

  it("reaches the one end that a one-sided range has", () => {
    const oneSided = { state: "one_sided" as const, estimate: 0.01, low: null, high: 0.04, level: 0.95 };
    expect(sharedExtent([oneSided])).toBe(0.05);
  });

  it("scales what is no lift as well: a floor for it is given", () => {
    expect(sharedExtent([bounded(3e-6, -1e-6, 7e-6)], 1e-12)).toBe(1e-5);
  });

  it("does not let one wild row flatten the others", () => {
    // Wide around a small estimate, wide around a large one, and wide among few: all of them are wild.
    const calm = [bounded(0.01, -0.01, 0.03), bounded(0.02, 0.01, 0.04)];
    for (const wild of [bounded(0.02, -9, 9), bounded(8, 5, 40), bounded(-3, -900, 1)]) {
      const extent = sharedExtent([...calm, wild]);
      expect(extent).toBeLessThanOrEqual(0.5);
      expect(extent).toBeGreaterThanOrEqual(0.04);
      expect(sharedExtent([bounded(0.01, -0.01, 0.03), wild])).toBeLessThanOrEqual(0.5);
    }
  });

  it("clips nobody where rows are of a kind", () => {
    expect(sharedExtent([bounded(0.01, -0.01, 0.03), bounded(0.1, 0.05, 0.2)])).toBe(0.2);
    expect(sharedExtent([bounded(0.01, -9, 9)])).toBe(10);
  });
});

describe("placeInterval", () => {
  it("puts zero in the middle and ends in proportion", () => {
    const marks = placeInterval(bounded(0.25, 0, 0.5), 0.5, 200);
    expect(marks).toEqual({ zero: 100, low: 100, high: 200, estimate: 150, openLow: false, openHigh: false });
  });

  it("clips ends beyond the scale and says so", () => {
    const marks = placeInterval(bounded(0.3, -0.3, 0.9), 0.2, 200);
    expect(marks.low).toBe(0);
    expect(marks.high).toBe(200);
    expect(marks.estimate).toBeNull();
    expect([marks.openLow, marks.openHigh]).toEqual([true, true]);
  });

  it("goes to the edge where a range has no end, and says so", () => {
    const oneSided = { state: "one_sided" as const, estimate: 0.25, low: 0.125, high: null, level: 0.95 };
    const marks = placeInterval(oneSided, 0.5, 200);
    expect([marks.low, marks.estimate, marks.high]).toEqual([125, 150, 200]);
    expect([marks.openLow, marks.openHigh]).toEqual([false, true]);
    const unbounded = placeInterval({ state: "unbounded", estimate: 3, level: 0.95 }, 0.1, 200);
    expect([unbounded.low, unbounded.high]).toEqual([0, 200]);
    expect([unbounded.openLow, unbounded.openHigh]).toEqual([true, true]);
  });

  it("stays ordered and inside, whatever comes", () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
    const end = fc.option(number, { nil: null });
    fc.assert(
      fc.property(number, end, end, fc.double({ min: 1e-9, max: 1e6, noNaN: true }), (estimate, a, b, extent) => {
        const low = a === null ? null : Math.min(a, estimate);
        const high = b === null ? null : Math.max(b, estimate);
        const marks = placeInterval({ state: "one_sided", estimate, low, high, level: 0.95 }, extent, 200);
        const { zero, openLow, openHigh } = marks;
        expect(zero).toBe(100);
        expect(0 <= marks.low && marks.low <= marks.high && marks.high <= 200).toBe(true);
        expect(marks.estimate === null).toBe(Math.abs(estimate) > extent);
        if (marks.estimate !== null) {
          expect(marks.low <= marks.estimate && marks.estimate <= marks.high).toBe(true);
        }
        expect([openLow, openHigh]).toEqual([low === null || low < -extent, high === null || high > extent]);
      }),
    );
  });
});
