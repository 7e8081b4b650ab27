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
  stepSeconds: 86_400,
};

const cell = (parts: Partial<Cell>): Cell => ({
  variant: "on",
  several: false,
  joined: "2026-11-02T00:00:00Z",
  metric: 0,
  converted: "2026-11-02T00:00:00Z",
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
      cell({ units: 5, joined: "2026-11-03T00:00:00Z", converted: "2026-11-03T00:00:00Z", rows: 5 }),
      cell({ metric: 1, units: 3, total: 30, squares: 400, converted: "2026-11-04T00:00:00Z", rows: 0 }),
      cell({
        metric: 1,
        units: 1,
        total: 1,
        squares: 1,
        joined: "2026-11-03T00:00:00Z",
        converted: "2026-11-04T00:00:00Z",
        rows: 0,
      }),
    ]);
    expect(moments.variants[1]).toEqual({
      variant: "on",
      units: 15,
      metrics: { bought: { n: 15, converted: 4, sum: 31, sumSquares: 401 } },
    });
    expect(moments.series).toEqual([
      {
        at: "2026-11-02T00:00:00Z",
        variant: "on",
        units: 10,
        metrics: { bought: { converted: 0, cohortConverted: 3 } },
      },
      {
        at: "2026-11-03T00:00:00Z",
        variant: "on",
        units: 5,
        metrics: { bought: { converted: 0, cohortConverted: 1 } },
      },
      {
        at: "2026-11-04T00:00:00Z",
        variant: "on",
        units: 0,
        metrics: { bought: { converted: 4, cohortConverted: 0 } },
      },
    ]);
    expect(moments).toMatchObject({
      rows: 17,
      firstExposure: "2026-11-02T00:00:00.000Z",
      lastEvent: "2026-11-07T00:00:00.000Z",
    });
  });

  test("orders steps, then variants as asked", () => {
    const steps = foldMoments(query, [
      cell({ joined: "2026-11-03T00:00:00Z" }),
      cell({ joined: "2026-11-02T00:00:00Z" }),
      cell({ joined: "2026-11-03T00:00:00Z", variant: "off" }),
    ]).series;
    expect(steps.map(({ at, variant }) => `${at} ${variant}`)).toEqual([
      "2026-11-02T00:00:00Z on",
      "2026-11-03T00:00:00Z off",
      "2026-11-03T00:00:00Z on",
    ]);
  });

  test("leaves units of several variants, and of variants that were not asked for, out of every number", () => {
    const moments = foldMoments(query, [
      cell({ several: true, units: 7 }),
      cell({ several: true, units: 2, metric: 1 }),
      cell({ variant: "retired", units: 9 }),
    ]);
    expect(moments.severalVariants).toBe(7);
    expect(moments.series).toEqual([]);
    expect(moments.variants.map((arm) => arm.units)).toEqual([0, 0]);
    expect(moments).not.toHaveProperty("firstExposure");
  });
});
