import { describe, expect, it } from "vitest";
import { day, metric, planOf, shareSums, steady } from "../fixtures.ts";
import { cumulate } from "./cumulate.ts";

const plan = planOf([metric("buy")]);
const row = (at: string, variant: string, n: number, converted: number) => ({
  at,
  variant,
  units: n,
  metrics: { buy: shareSums(n, converted) },
});

describe("cumulate", () => {
  it("adds the steps up, whatever their order, and carries what has no news", () => {
    const totals = cumulate(plan, [
      row(day(2), "control", 5, 2),
      row(day(0), "control", 10, 1),
      row(day(0), "nobody", 99, 9),
      row(day(1), "treatment", 7, 3),
    ]);
    expect(totals.map(({ at, units }) => [at, units])).toEqual([
      [day(0), [10, 0]],
      [day(1), [10, 7]],
      [day(2), [15, 7]],
    ]);
    expect(totals.map(({ metrics }) => metrics[0])).toEqual([
      [{ n: 10, y: 1, yy: 1 }, undefined],
      [
        { n: 10, y: 1, yy: 1 },
        { n: 7, y: 3, yy: 3 },
      ],
      [
        { n: 15, y: 3, yy: 3 },
        { n: 7, y: 3, yy: 3 },
      ],
    ]);
  });

  it("ends up at the totals", () => {
    const { series, variants } = steady(9, { control: { buy: [10, 1] }, treatment: { buy: [12, 3] } });
    expect(cumulate(plan, series).at(-1)?.units).toEqual(variants.map(({ units }) => units));
  });

  it("knows the last step of a day", () => {
    const at = ["2026-11-01T00:00:00Z", "2026-11-01T12:00:00Z", "2026-11-02T06:00:00Z", "2026-11-02T12:00:00Z"];
    const totals = cumulate(
      plan,
      at.map((own) => row(own, "control", 1, 1)),
    );
    expect(totals.map(({ endsDay }) => endsDay)).toEqual([false, true, false, true]);
  });

  it("leaves a second quantity out where there is none", () => {
    const x = { n: 1, y: 1, yy: 1, x: 2, xx: 4, xy: 2 };
    const steps = [x, { n: 1, y: 1, yy: 1 }, x].map((buy, index) => ({
      at: day(index),
      variant: "control",
      units: 1,
      metrics: { buy },
    }));
    expect(cumulate(plan, steps).at(-1)?.metrics[0]?.[0]).toEqual({ n: 3, y: 3, yy: 3, x: 4, xx: 8, xy: 4 });
  });
});
