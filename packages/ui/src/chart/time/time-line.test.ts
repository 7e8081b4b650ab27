import { describe, expect, it } from "vitest";
import {
  clippedEnds,
  loneRanges,
  stepWords,
  type TimeLine,
  tickDigits,
  tickWords,
  timeExtent,
  timeRecords,
  timeTicks,
  valueTicks,
} from "./time-line.ts";

const day = (date: number) => `2026-11-0${date}T00:00:00Z`;
const line: TimeLine = {
  name: "promise",
  place: 1,
  points: [
    { at: day(1), value: null },
    { at: day(2), value: { estimate: 0.4, low: -1.2, high: 2 } },
    { at: day(3), value: { estimate: 0.03, low: -0.01, high: 0.07 } },
  ],
};

describe("lift over time", () => {
  it("is scaled by the newest interval, not by the wide first steps", () => {
    expect(timeExtent([line])).toBe(0.1);
    expect(timeExtent([])).toBe(0.05);
    expect(timeExtent([{ ...line, points: line.points.slice(0, 1) }], 0.01)).toBe(0.05);
  });

  it("is not stretched by one wild line, which leaves the drawing with an arrow head", () => {
    const calm = [1, 2].map((place) => ({ ...line, place, name: `v${place}` }));
    const value = { estimate: 30, low: 5, high: 90 };
    const wild: TimeLine = { name: "wild", place: 3, points: [{ at: day(3), value }] };
    const extent = timeExtent([...calm, wild]);
    expect(extent).toBeLessThanOrEqual(1);
    expect(clippedEnds([wild], extent, 40)).toEqual([{ place: 3, x: Date.parse(day(3)), y: extent }]);
  });

  it("marks every end beyond the drawing, of long lines the last by each edge", () => {
    const x = Date.parse(day(2));
    expect(clippedEnds([line], 0.1, 40)).toEqual([
      { place: 1, x, y: 0.1 },
      { place: 1, x, y: -0.1 },
    ]);
    const open = { estimate: 0, low: null, high: 0.01 };
    const long = { ...line, points: [1, 2, 3].map((date) => ({ at: day(date), value: open })) };
    expect(clippedEnds([long], 0.1, 2)).toEqual([{ place: 1, x: Date.parse(day(3)), y: -0.1 }]);
  });

  it("always has zero among its ticks, and prints them as they are", () => {
    expect(valueTicks(0.2)).toEqual([-0.2, -0.1, 0, 0.1, 0.2]);
    expect([0.2, 0.05, 0.01, 0.001, 1].map(tickDigits)).toEqual([0, 1, 1, 2, 0]);
  });

  it("clamps what lies outside and leaves gaps where nothing is known", () => {
    expect(timeRecords([line], 0.2)).toEqual([
      { time: Date.parse(day(1)) },
      { time: Date.parse(day(2)), promise: 0.2, "promise range": [-0.2, 0.2] },
      { time: Date.parse(day(3)), promise: 0.03, "promise range": [-0.01, 0.07] },
    ]);
  });
});

describe("a range without an end", () => {
  const open = (low: number | null, high: number | null) => ({
    ...line,
    points: [{ at: day(1), value: { estimate: 0.04, low, high } }],
  });

  it("reaches the edge of the drawing and does not widen it", () => {
    expect(timeExtent([open(0.01, null)])).toBe(0.05);
    expect(timeRecords([open(0.01, null)], 0.2)[0]?.["promise range"]).toEqual([0.01, 0.2]);
    expect(timeRecords([open(null, null)], 0.2)[0]?.["promise range"]).toEqual([-0.2, 0.2]);
  });
});

describe("a line with one known point", () => {
  it("has its range as a bar; with more points it has an area instead", () => {
    const x = Date.parse(day(2));
    const lone = { ...line, points: line.points.slice(0, 2) };
    expect(loneRanges([lone], 0.5)).toEqual([
      {
        place: 1,
        segment: [
          { x, y: -0.5 },
          { x, y: 0.5 },
        ],
      },
    ]);
    expect(loneRanges([line], 0.5)).toEqual([]);
  });
});

describe("time axis", () => {
  it("has few ticks at even times, whatever the length", () => {
    const from = Date.UTC(2026, 10, 1, 13, 7);
    for (const minutes of [1, 7, 45, 600, 6_000, 60_000, 600_000]) {
      const ticks = timeTicks(from, from + minutes * 60_000);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(7);
      expect(ticks.every((tick) => tick % 60_000 === 0 || ticks.length === 1)).toBe(true);
    }
    expect(timeTicks(from, from)).toHaveLength(1);
  });

  it("says the clock within a day and the day at its begin", () => {
    expect(tickWords(Date.UTC(2026, 10, 3, 14, 5))).toBe("14:05");
    expect(tickWords(Date.UTC(2026, 10, 3))).toBe("3 Nov");
    expect(stepWords("2026-11-02T14:05:20Z", 10)).toBe("2 Nov 2026, 14:05:20 UTC");
    expect(stepWords(day(3), 86_400)).toBe("3 Nov 2026");
    expect(stepWords("2026-11-03T14:05:00Z", 300)).toBe("3 Nov 2026, 14:05 UTC");
  });
});
