import { describe, expect, test } from "vitest";
import { foldMoments } from "./fold-moments.ts";
import type { Cell, MomentsQuery } from "./queries/moments.ts";

const query: MomentsQuery = {
  project: "shop",
  environment: "production",
  experiment: "button",
  variants: ["off", "on"],
  metrics: [{ key: "bought", eventName: "purchase" }],
  from: new Date(0),
  to: new Date(1),
  by: "targetingKey",
};

const cell = (parts: Partial<Cell>): Cell => ({
  variant: "on",
  several: false,
  day: "2026-11-02",
  metric: 0,
  conversionDay: "2026-11-02",
  units: 1,
  total: 0,
  squares: 0,
  firstExposure: Date.UTC(2026, 10, 2),
  lastEvent: Date.UTC(2026, 10, 2),
  rows: 1,
  ...parts,
});

describe("foldMoments", () => {
  test("adds up groups, and does not count those that converted twice as units", () => {
    const moments = foldMoments(query, [
      cell({ units: 10, rows: 12, lastEvent: Date.UTC(2026, 10, 7) }),
      cell({ units: 5, day: "2026-11-03", conversionDay: "2026-11-03", rows: 5 }),
      cell({ metric: 1, units: 3, total: 30, squares: 400, conversionDay: "2026-11-04", rows: 0 }),
      cell({ metric: 1, units: 1, total: 1, squares: 1, day: "2026-11-03", conversionDay: "2026-11-04", rows: 0 }),
    ]);
    expect(moments.variants[1]).toEqual({
      variant: "on",
      units: 15,
      metrics: { bought: { n: 15, converted: 4, sum: 31, sumSquares: 401 } },
    });
    expect(moments.daily).toEqual([
      { day: "2026-11-02", variant: "on", units: 10, metrics: { bought: { converted: 0, cohortConverted: 3 } } },
      { day: "2026-11-03", variant: "on", units: 5, metrics: { bought: { converted: 0, cohortConverted: 1 } } },
      { day: "2026-11-04", variant: "on", units: 0, metrics: { bought: { converted: 4, cohortConverted: 0 } } },
    ]);
    expect(moments).toMatchObject({
      rows: 17,
      firstExposure: "2026-11-02T00:00:00.000Z",
      lastEvent: "2026-11-07T00:00:00.000Z",
    });
  });

  test("orders days, then variants as asked", () => {
    const days = foldMoments(query, [
      cell({ day: "2026-11-03" }),
      cell({ day: "2026-11-02" }),
      cell({ day: "2026-11-03", variant: "off" }),
    ]).daily;
    expect(days.map(({ day, variant }) => `${day} ${variant}`)).toEqual([
      "2026-11-02 on",
      "2026-11-03 off",
      "2026-11-03 on",
    ]);
  });

  test("leaves units of several variants, and of variants that were not asked for, out of every number", () => {
    const moments = foldMoments(query, [
      cell({ several: true, units: 7 }),
      cell({ several: true, units: 2, metric: 1 }),
      cell({ variant: "retired", units: 9 }),
    ]);
    expect(moments.severalVariants).toBe(7);
    expect(moments.daily).toEqual([]);
    expect(moments.variants.map((arm) => arm.units)).toEqual([0, 0]);
    expect(moments).not.toHaveProperty("firstExposure");
  });
});
