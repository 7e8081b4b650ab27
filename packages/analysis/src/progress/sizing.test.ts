import { describe, expect, it } from "vitest";
import { metric, planOf } from "../fixtures.ts";
import { presentBaselines, sizingOf } from "./sizing.ts";

const baseline = (value: number) => ({ value, unitVariance: value * (1 - value), isRate: true });
const buy = metric("buy", { minimumEffect: 0.05 });
const paying = metric("paying", { role: "guardrail", margin: 0.02 });
const fixed = { method: "fixed", plannedUnits: 100_000 } as const;

describe("what a plan can find and show", () => {
  it("takes guardrails in, and names the one that binds", () => {
    const plan = planOf([buy, paying], fixed);
    const alone = sizingOf(planOf([buy], fixed), [baseline(0.1)]);
    const found = sizingOf(plan, [baseline(0.1), baseline(0.05)]);
    expect(found?.binding).toBe("paying");
    // 5 % with a margin of 2 % needs some 590,000 units an arm by itself.
    expect(found?.alone.find(({ metric: key }) => key === "paying")?.units).toBeGreaterThan(1_100_000);
    expect(found?.alone.find(({ metric: key }) => key === "paying")?.units).toBeLessThan(1_200_000);
    expect(found?.units).toBeGreaterThan(alone?.units ?? Number.NaN);
    expect(found?.power).toBeLessThan(alone?.power ?? 0);
  });

  it("leaves out guardrails that block only on proven harm, and metrics without an effect", () => {
    const plan = planOf([buy, { ...paying, margin: 0 }, metric("open")], fixed);
    expect(sizingOf(plan, [baseline(0.1), baseline(0.05), null])?.binding).toBe("buy");
    const before = { ...planOf([buy, paying], fixed), guardrails: "proven_harm" as const };
    expect(sizingOf(before, [baseline(0.1), null])?.binding).toBe("buy");
  });

  it("follows the sides of the plan: the good direction alone needs four fifths of the units", () => {
    const units = (sides: "one" | "two") => sizingOf(planOf([buy], { ...fixed, sides }), [baseline(0.1)])?.units;
    expect((units("one") ?? 0) / (units("two") ?? 0)).toBeCloseTo(0.7877, 3);
    // What must be shown of a guardrail is one-sided by any plan.
    const shown = (sides: "one" | "two") =>
      sizingOf(planOf([buy, paying], { ...fixed, sides }), [baseline(0.1), baseline(0.05)])?.alone.at(-1);
    expect(shown("one")).toEqual(shown("two"));
  });

  it("is null where a baseline is not known, or nothing is planned for", () => {
    expect(sizingOf(planOf([buy], fixed), [null])).toBeNull();
    expect(sizingOf(planOf([metric("open")], fixed), [baseline(0.1)])).toBeNull();
  });

  it("has no number of units for a margin of a baseline of 0", () => {
    const plan = planOf([buy, paying], fixed);
    const none = { value: 0, unitVariance: 1, isRate: false };
    expect(sizingOf(plan, [baseline(0.1), none])).toMatchObject({ units: null, binding: "paying" });
  });

  it("counts a ratio's caps by its denominator, and says where it cannot", () => {
    const of = { event: "pay", where: [], aggregate: { of: "count" as const } };
    const definition = { kind: "ratio", numerator: of, denominator: of } as const;
    const ratio = (cap?: { at: number; atDenominator?: number }) =>
      metric("basket", { minimumEffect: 2, definition: { ...definition, ...(cap ? { cap } : {}) } });
    const spent = { value: 2.5, unitVariance: 260, isRate: false };
    const unlike = (own: ReturnType<typeof ratio>) => {
      const plan = planOf([own], fixed);
      return { ...plan, arms: [95_000, 5_000].map((parts, arm) => ({ variant: `${arm}`, parts })) };
    };
    const both = { at: 200, atDenominator: 10 };
    expect(sizingOf(unlike(ratio(both)), [spent])).toMatchObject({ uncounted: ["basket"], neverRead: null });
    const counted = (denominator: number) => sizingOf(unlike(ratio(both)), [{ ...spent, denominator }]);
    expect(counted(2)?.uncounted).toEqual([]);
    // Half of the denominator: values reach twice as far, which takes four times the units.
    expect((counted(1)?.units ?? 0) / (counted(2)?.units ?? 1)).toBeCloseTo(4, 1);
    // A cap of the numerator alone bounds nothing.
    expect(sizingOf(unlike(ratio({ at: 200 })), [spent])).toMatchObject({ neverRead: "basket", uncounted: [] });
    expect(sizingOf(planOf([ratio(both)], fixed), [spent])).toMatchObject({ uncounted: [], neverRead: null });
  });

  it("knows the denominator of what runs", () => {
    const pair = { n: 100, meanY: 5, meanX: 2, yy: 900, xx: 90, xy: 90 };
    expect(presentBaselines([{ input: { kind: "ratio", arms: [pair, pair] } }])[0]).toMatchObject({ denominator: 2 });
  });

  it("counts the units from which on skewed values are borne, and names what is never read", () => {
    const spent = { value: 2.5, unitVariance: 260, isRate: false };
    const source = { event: "pay", where: [] };
    const money = (cap?: { at: number }) =>
      metric("money", { minimumEffect: 2, definition: { kind: "sum", source, ...(cap ? { cap } : {}) } });
    const unlike = (own: ReturnType<typeof money>) => {
      const plan = planOf([own], fixed);
      return { ...plan, arms: [95_000, 5_000].map((parts, arm) => ({ variant: `${arm}`, parts })) };
    };
    expect(sizingOf(unlike(money()), [spent])).toMatchObject({ power: 0, units: null, neverRead: "money" });
    const capped = sizingOf(unlike(money({ at: 200 })), [spent]);
    const history = { from: "", to: "", units: 900, value: 2.5, unitVariance: 260, skewness: 2 };
    const known = sizingOf(unlike({ ...money(), history }), [spent]);
    expect(capped?.neverRead).toBeNull();
    expect(capped?.units).toBeGreaterThan(10 * (known?.units ?? Number.NaN));
    // In arms of the same share skewness cancels.
    expect(sizingOf(planOf([money()], fixed), [spent])).toMatchObject({ power: 1, neverRead: null });
  });
});
