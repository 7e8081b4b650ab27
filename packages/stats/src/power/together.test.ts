import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Plan } from "./plan.ts";
import { requiredUnits } from "./size.ts";
import { jointPower, type PlannedGuardrail, powerToShow, requiredUnitsTogether } from "./together.ts";

const shares = { control: 1, treatment: 1, all: 2 };
const rate = (value: number, more: Partial<Plan> = {}): Plan => ({
  baseline: { value, unitVariance: value * (1 - value), isRate: true },
  method: { kind: "fixed" },
  alpha: 0.05,
  shares,
  ...more,
});
const guard = (value: number, relative: number, more: Partial<Plan> = {}): PlannedGuardrail => {
  return { plan: rate(value, more), margin: { relative }, direction: "increase" };
};

describe("sizes with guardrails", () => {
  it("a baseline of 5 % with a margin of 2 % needs 575,850 units an arm, one-sided 5 %, power 0.8", () => {
    // (1.644854 + 0.841621)^2 (1 + 0.98^2) 0.05 0.95 / 0.001^2
    const exact = (1.6448536269514722 + 0.8416212335729143) ** 2 * (1 + 0.98 ** 2) * 0.0475 * 1e6;
    const found = requiredUnitsTogether({ primary: [], guardrails: [guard(0.05, 0.02)] });
    expect(found).toMatchObject({ state: "ok", binding: { role: "guardrail", index: 0 } });
    if (found.state !== "ok") return;
    expect(found.control).toBe(Math.ceil(exact));
    expect(found.treatment).toBe(found.control);
  });

  it("the units of the guardrail that binds, and more for both together", () => {
    const primary = [{ plan: rate(0.05), effect: { lift: 0.2 } }];
    const found = requiredUnitsTogether({ primary, guardrails: [guard(0.05, 0.1), guard(0.3, 0.02)] });
    if (found.state !== "ok") throw new Error(found.state);
    const [alone] = primary.map(({ plan, effect }) => requiredUnits(plan, effect));
    expect(found.alone.primary).toEqual([alone?.state === "ok" ? alone.all : 0]);
    expect(found.binding).toEqual({ role: "guardrail", index: 1 });
    expect(found.all).toBeGreaterThanOrEqual(Math.max(...found.alone.guardrails));
  });

  it("the size and its power are each other's inverse, by every method", { timeout: 60_000 }, () => {
    const methods = fc.constantFrom<Plan["method"]>({ kind: "fixed" }, { kind: "sequence" });
    const margin = fc.double({ min: 0.02, max: 0.5, noNaN: true });
    const level = fc.double({ min: 0.01, max: 0.5, noNaN: true });
    const power = fc.constantFrom(0.5, 0.8, 0.95);
    fc.assert(
      fc.property(methods, margin, level, power, (method, borne, value, wanted) => {
        const together = {
          primary: [{ plan: rate(value, { method }), effect: { lift: 0.3 } }],
          guardrails: [guard(value, borne, { method })],
        };
        const found = requiredUnitsTogether(together, wanted);
        if (found.state !== "ok") throw new Error(found.state);
        const joint = jointPower(together, found.all);
        expect(joint?.atLeast).toBeGreaterThanOrEqual(wanted - 1e-9);
        expect(joint?.independent).toBeGreaterThanOrEqual((joint?.atLeast ?? 1) - 1e-12);
        if (found.all > 500) expect(jointPower(together, found.all * 0.98)?.atLeast).toBeLessThan(wanted);
      }),
      { numRuns: 60 },
    );
  });

  it("names what cannot be shown", () => {
    const of = (one: PlannedGuardrail) => requiredUnitsTogether({ primary: [], guardrails: [one] });
    const part = { role: "guardrail", index: 0 };
    expect(of(guard(0.05, 0))).toEqual({ state: "zero_margin", part });
    const zero = {
      ...guard(0.05, 0.1),
      plan: { ...rate(0.05), baseline: { value: 0, unitVariance: 4, isRate: false } },
    };
    expect(of(zero)).toEqual({ state: "zero_baseline", part });
    expect(of({ ...zero, margin: { absolute: 0.1 } }).state).toBe("ok");
    expect(powerToShow(guard(0.05, 0), 1e6)).toBe(0);
    expect(requiredUnitsTogether({ primary: [], guardrails: [] })).toEqual({ state: "nothing_planned", part: null });
    expect(() => of(guard(0.05, Number.NaN))).toThrow(RangeError);
    expect(() => requiredUnitsTogether({ primary: [], guardrails: [] }, 1)).toThrow(RangeError);
  });

  it("a power that chance alone has needs no units: it is named, for every plan and side", () => {
    expect(requiredUnits(rate(0.1), { lift: 0.1 }, 0.05)).toEqual({ state: "power_below_alpha" });
    expect(requiredUnitsTogether({ primary: [], guardrails: [guard(0.05, 0.1)] }, 0.05).state).toBe(
      "power_below_alpha",
    );
    const [two, one] = (["two", "one"] as const).map((sides) => requiredUnits(rate(0.1, { sides }), { lift: 0.1 }));
    if (two?.state !== "ok" || one?.state !== "ok") throw new Error("Both have a size.");
    // (1.6449 + 0.8416)^2 / (1.9600 + 0.8416)^2
    expect(one.all / two.all).toBeCloseTo(0.7877, 3);
  });
});
