import { describe, expect, it } from "vitest";
import { day, inputs, metric, planOf, share, shareSums } from "../fixtures.ts";
import { readMoments, referenceOf } from "./reading.ts";

const buy = metric("buy");
const plan = planOf([buy], { plannedUnits: 4_000 });

/** All units on the first day; what they did by the end of each day. */
function grown(control: readonly number[], treatment: readonly number[]) {
  const rows = control.flatMap((converted, number) =>
    [
      ["control", converted - (control[number - 1] ?? 0)] as const,
      ["treatment", (treatment[number] ?? 0) - (treatment[number - 1] ?? 0)] as const,
    ].map(([variant, news]) => {
      const units = number === 0 ? 2_000 : 0;
      return { at: day(number), variant, units, metrics: { buy: shareSums(units, news) } };
    }),
  );
  const variants = [
    { variant: "control", units: 2_000, metrics: { buy: share(2_000, control.at(-1) ?? 0) } },
    { variant: "treatment", units: 2_000, metrics: { buy: share(2_000, treatment.at(-1) ?? 0) } },
  ];
  return { series: rows, variants };
}

describe("the clock of values that go on growing", () => {
  const days = [20, 60, 120, 200, 300];
  const own = inputs(
    plan,
    grown(
      days,
      days.map((count) => count + 60),
    ),
    { days: days.length },
  );

  it("counts from the variance of the first day, so that information grows without units", () => {
    const reference = referenceOf(own).buy?.[0] ?? 0;
    const rate = (count: number) => (count / 2_000) * (1 - count / 2_000);
    expect(reference).toBeCloseTo((rate(20) + rate(80)) / 2, 4);
    const [found] = readMoments(own, plan.settings).metrics;
    expect(found?.input.clock).toEqual([{ unitVariance: reference }]);
  });

  it("stays where an earlier run had set it, whatever the steps are now", () => {
    const before = { buy: [0.001] };
    expect(referenceOf({ ...own, reference: before })).toEqual(before);
    const [found] = readMoments({ ...own, reference: before }, plan.settings).metrics;
    expect(found?.input.clock).toEqual([{ unitVariance: 0.001 }]);
    // What was not known yet, or is of other arms, is found again.
    expect(referenceOf({ ...own, reference: { buy: [null] } }).buy?.[0]).toBeGreaterThan(0.001);
    expect(referenceOf({ ...own, reference: { buy: [0.001, 0.001] } }).buy).toHaveLength(1);
  });

  it("asks for more of a late look than a clock of units would", () => {
    const [found] = readMoments(own, plan.settings).metrics;
    const [plain] = readMoments({ ...own, reference: { buy: [1] } }, plan.settings).metrics;
    expect(found?.results[0]?.logP).not.toBe(plain?.results[0]?.logP);
  });

  it("is units for what is settled when a unit is counted", () => {
    const source = { event: "buy", where: [] };
    const back = metric("buy", { definition: { kind: "retention", source, fromDay: 1, toDay: 1 } });
    const settled = planOf([back], { plannedUnits: 4_000 });
    const [found] = readMoments({ ...own, plan: settled }, settled.settings).metrics;
    expect(found?.input.clock).toBeUndefined();
  });
});
