import { detectableEffect, powerOf } from "@telltale/stats";
import { describe, expect, it } from "vitest";
import { arm, day, inputs, metric, type PlanOptions, planOf, share, steady } from "../fixtures.ts";
import { readMoments } from "../looks/reading.ts";
import { daysUntil, paceOf } from "./pace.ts";
import { powerAtPresent } from "./power.ts";

const plan = planOf([metric("buy")]);
const row = (number: number, units: number) => ({ at: day(number), variant: "control", units, metrics: {} });

describe("pace", () => {
  it("is the mean of the last seven whole days, days without news included", () => {
    const series = [row(0, 1_000), row(3, 70), row(6, 70), row(9, 70), row(10, 5_000)];
    const variants = [arm("control", { buy: share(6_210, 1) })];
    expect(
      paceOf(inputs(plan, { series, variants }, { window: { from: day(0), to: "2026-11-11T12:00:00Z" } })),
    ).toEqual({ perDay: 30, low: 0, high: 70 });
  });

  it("leaves the first, broken day out", () => {
    const series = [row(0, 1_000), row(1, 60), row(2, 40), row(3, 999)];
    const variants = [arm("control", { buy: share(2_099, 1) })];
    const window = { from: day(0), to: "2026-11-04T09:00:00Z" };
    expect(paceOf(inputs(plan, { series, variants, firstExposure: "2026-11-01T15:00:00Z" }, { window }))).toEqual({
      perDay: 50,
      low: 40,
      high: 60,
    });
  });

  it("is none before two whole days, however many units came in seconds", () => {
    const variants = [arm("control", { buy: share(300, 1) }), arm("treatment", { buy: share(300, 1) })];
    const at = (to: string) =>
      paceOf(inputs(plan, { variants, firstExposure: "2026-11-01T06:00:00Z" }, { window: { from: day(0), to } }));
    expect(at("2026-11-01T06:00:21Z")).toBeNull();
    expect(at("2026-11-03T05:00:00Z")).toBeNull();
    const { firstExposure: _, ...moments } = inputs(plan, { variants }).moments;
    expect(paceOf({ ...inputs(plan, {}), moments })).toBeNull();
  });

  it("gives days from the fastest to the slowest, and none that cannot be said", () => {
    expect(daysUntil(100, { perDay: 30, low: 20, high: 50 })).toEqual({ low: 2, high: 5 });
    expect(daysUntil(100, { perDay: 30, low: 0, high: 70 })).toBeNull();
    expect(daysUntil(0, { perDay: 30, low: 20, high: 50 })).toBeNull();
    expect(daysUntil(1e6, { perDay: 30, low: 20, high: 50 })).toBeNull();
    expect(daysUntil(100, null)).toBeNull();
  });
});

describe("power at present", () => {
  function power(more: Parameters<typeof metric>[1], options: PlanOptions = {}) {
    const own = planOf([metric("buy", { minimumEffect: 0.1, ...more })], { plannedUnits: 20_000, ...options });
    const arms = own.arms.map(({ variant }) => [variant, { buy: [1_000, 100] as [number, number] }] as const);
    const reading = readMoments(inputs(own, steady(10, Object.fromEntries(arms))), own.settings);
    const [planned, found] = [own.metrics[0], reading.metrics[0]];
    if (!planned || !found) throw new Error("There should be a metric.");
    return powerAtPresent(own, planned, found, own.settings);
  }
  const baseline = { value: 0.1, unitVariance: 0.09, isRate: true };
  const shares = { control: 1, treatment: 1, all: 2 };

  it("is the statistics' for the plan's method, shares and comparisons", () => {
    const sequence = {
      baseline,
      method: { kind: "sequence", plannedUnits: 20_000 },
      alpha: 0.05,
      shares,
      comparisons: 1,
    } as const;
    const found = power({});
    expect(found.power).toBeCloseTo(powerOf(sequence, { lift: 0.1 }, 20_000) ?? 0, 9);
    const effect = detectableEffect(sequence, 20_000);
    expect(found.detectableLift).toBeCloseTo(
      effect.state === "ok" && effect.lift.state === "ok" ? effect.lift.value : 0,
      9,
    );
    const one = power({}, { method: "fixed", sides: "one" });
    const good = { ...sequence, method: { kind: "fixed" }, sides: "one" } as const;
    expect(one.power).toBeCloseTo(powerOf(good, { lift: 0.1 }, 20_000) ?? 0, 9);
    const three = { ...sequence, method: { kind: "fixed" }, comparisons: 2, shares: { ...shares, all: 3 } } as const;
    const fixed = power({}, { method: "fixed", arms: ["control", "a", "b"] });
    expect(fixed.power).toBeCloseTo(powerOf(three, { lift: 0.1 }, 30_000) ?? 0, 9);
  });

  it("looks the way that is good, and gives sizes", () => {
    const [up, down] = [power({}), power({ direction: "decrease" })];
    expect(down.power).toBeGreaterThan(up.power ?? 1);
    expect(down.detectableLift).toBeGreaterThan(0);
  });

  it("is unknown without a smallest effect, a spread or a share", () => {
    expect(power({ minimumEffect: null })).toMatchObject({ power: null, detectableLift: expect.any(Number) });
    const own = planOf([metric("buy")]);
    const [found] = readMoments(inputs(own, {}), own.settings).metrics;
    const [planned] = own.metrics;
    if (!planned || !found) throw new Error("There should be a metric.");
    expect(powerAtPresent(own, planned, found, own.settings)).toEqual({ power: null, detectableLift: null });
  });
});
