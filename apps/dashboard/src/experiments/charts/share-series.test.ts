import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../query/outputs.ts";
import { cellText, cellValue, plain, snapshot } from "../fixtures.ts";
import { shareLines, shareSentence, shareTable, shareWords } from "./share-series.ts";

const arms = [
  { variant: "plain", parts: 50_000 },
  { variant: "promise", parts: 50_000 },
];
const at = (day: number) => `2026-11-0${day}T00:00:00Z`;
const point = (day: number, variant: string, units: number): Snapshot["series"][number] => ({
  at: at(day),
  variant,
  units,
  metric: null,
  value: null,
  lift: null,
});
const series = {
  stepSeconds: 86_400,
  series: [
    point(2, "promise", 150),
    point(1, "plain", 60),
    point(1, "promise", 40),
    { ...point(1, "plain", 9), metric: "x" },
  ],
};

describe("shareLines", () => {
  it("keeps the number of an arm that a step has no news of", () => {
    const [plainLine, promiseLine] = shareLines(series, arms);
    expect(plainLine?.points.map(({ value }) => value?.estimate)).toEqual([0.6 - 0.5, 60 / 210 - 0.5]);
    expect(promiseLine?.points.map(({ value }) => value?.estimate)).toEqual([0.4 - 0.5, 150 / 210 - 0.5]);
  });

  it("reads the units beside any one metric", () => {
    const ofMetrics = series.series.flatMap((own) => ["a", "b"].map((metric) => ({ ...own, metric })));
    const [plainLine] = shareLines({ ...series, series: ofMetrics.slice(0, 6) }, arms);
    expect(plainLine?.points.map(({ value }) => value?.estimate)).toEqual([0.6 - 0.5, 60 / 210 - 0.5]);
  });

  it("has the band in which a fair split stays: narrower with every unit", () => {
    const bands = shareLines(series, arms)[0]?.points.map(({ value }) => value?.high ?? 0) ?? [];
    expect(bands[0]).toBeCloseTo((3.290527 * 0.5) / 10, 12);
    expect(bands[1]).toBeLessThan(bands[0] ?? 0);
  });

  it("deviates by nothing in sum, whatever the counts and the plan", () => {
    const counts = fc.array(fc.nat(1_000_000), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 99_998 }), (units, first) => {
        const parts = units.map((_, index) => (index === 0 ? first : index === 1 ? 100_000 - first : 0));
        const planned = units.map((_, index) => ({ variant: `v${index}`, parts: parts[index] ?? 0 }));
        const points = units.map((count, index) => point(1, `v${index}`, count));
        const values = shareLines({ stepSeconds: 60, series: points }, planned).map(
          ({ points: [only] }) => only?.value,
        );
        if (units.every((count) => count === 0)) return values.every((value) => value === null);
        return Math.abs(values.reduce((sum, value) => sum + (value?.estimate ?? Number.NaN), 0)) < 1e-9;
      }),
    );
  });
});

describe("the share chart's twins", () => {
  it("are a table with shares and plans", () => {
    const { rows } = shareTable(series, arms);
    expect(rows).toHaveLength(4);
    expect(rows[0]?.map(cellText)).toEqual([
      ...["1 Nov 2026", "plain", "60", "60.00 %", "50.00 %", "+10.00 pt", "±16.45 pt"],
    ]);
    expect(rows[0]?.map(cellValue).slice(0, 5)).toEqual([at(1), "plain", 60, 0.6, 0.5]);
  });

  it("are a sentence with what the check found", () => {
    expect(plain(shareSentence(snapshot()))).toBe("Of 4,000 units: plain 50.2 %, promise 49.8 %. Split as planned.");
    expect(shareSentence({ arms: [], health: [] })).toBe("Nobody has been exposed yet.");
    expect(plain(shareWords({ estimate: -0.001, low: -0.004, high: 0.004 }))).toBe(
      "−0.10 pt from plan, fair within ±0.40 pt",
    );
  });
});
