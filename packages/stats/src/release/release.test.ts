import fc from "fast-check";
import { describe, expect, it } from "vitest";
import reference from "../../reference/release.json";
import type { Moments } from "../moments/moments.ts";
import { sequentialSplit } from "../split/sequential-split.ts";
import { alphaOfEach } from "./family.ts";
import { type MeanGuard, readMeans } from "./read-means.ts";
import { splitOverSteps } from "./split-over-steps.ts";

describe("alphaOfEach", () => {
  it("divides a release's level among its guards", () => {
    expect(alphaOfEach(1)).toBe(0.01);
    expect(alphaOfEach(4)).toBe(0.0025);
    expect(alphaOfEach(2, 0.05)).toBe(0.025);
    for (const bad of [0, -1, 1.5, Number.NaN]) expect(() => alphaOfEach(bad)).toThrow(RangeError);
    expect(() => alphaOfEach(2, 0)).toThrow(RangeError);
  });
});

const momentsOf = ([n = 0, mean = 0, m2 = 0]: readonly number[]): Moments => ({ n, mean, m2 });
const stepOf = ([treated = [], control = []]: readonly (readonly number[])[]) => {
  return { treated: momentsOf(treated), control: momentsOf(control) };
};
const guard: MeanGuard = { direction: "decrease", margin: 20, alpha: 0.01 };
/** Arms of n units each with a deviation of 100. */
const step = (difference: number, treated = 20_000, control = 20_000) => ({
  treated: { n: treated, mean: 200 + difference, m2: 1e4 * (treated - 1) },
  control: { n: control, mean: 200, m2: 1e4 * (control - 1) },
});

describe("a guard of means", () => {
  it("is the sequence by the formula (reference/release.py)", () => {
    const { steps, alpha, effect, low, high } = reference.means;
    const reading = readMeans(steps.map(stepOf), { direction: "decrease", margin: 10, alpha });
    for (const [own, of] of [
      [reading.effect, effect],
      [reading.low, low],
      [reading.high, high],
    ] as const) {
      expect((own ?? Number.NaN) / of).toBeCloseTo(1, 9);
    }
  });

  it("is breached, cleared or undecided by its bounds, in either direction", () => {
    expect(readMeans([step(40)], guard)).toMatchObject({ state: "breached", limit: 20, effect: 40 });
    expect(readMeans([step(0)], guard)).toMatchObject({ state: "cleared", effect: 0 });
    expect(readMeans([step(21)], guard).state).toBe("undecided");
    const revenue: MeanGuard = { ...guard, direction: "increase" };
    expect(readMeans([step(-40)], revenue)).toMatchObject({ state: "breached", limit: -20 });
    expect(readMeans([step(40)], revenue).state).toBe("cleared");
    expect(readMeans([step(0)], { ...guard, margin: 0 })).toMatchObject({ state: "undecided", limit: 0 });
  });

  it("is breached exactly when its evidence is what is needed", () => {
    fc.assert(
      fc.property(fc.integer({ min: -60, max: 60 }), fc.nat({ max: 5_000 }), (difference, more) => {
        const reading = readMeans([step(difference, 500 + more)], guard);
        expect((reading.logEvidence ?? 0) > reading.neededEvidence).toBe(reading.state === "breached");
      }),
    );
  });

  it("takes no difference between steps for one between arms", () => {
    const at = (mean: number, treated: number, control: number) => ({
      treated: { n: treated, mean, m2: 1e4 * (treated - 1) },
      control: { n: control, mean, m2: 1e4 * (control - 1) },
    });
    const steps = [at(100, 600, 59_400), at(300, 30_000, 30_000)];
    expect(readMeans(steps, guard)).toMatchObject({ effect: 0, state: "cleared" });
  });

  it("says why nothing is known", () => {
    const none = { n: 0, mean: 0, m2: 0 };
    const { treated, control } = step(40);
    const reasonOf = (own: { treated: Moments; control: Moments }[], more: Partial<MeanGuard> = {}) => {
      const { state, reason } = readMeans(own, { ...guard, ...more });
      return [state, reason];
    };
    expect(reasonOf([])).toEqual(["unknown", "no_units"]);
    expect(reasonOf([{ treated: none, control: none }])).toEqual(["unknown", "no_units"]);
    expect(reasonOf([{ treated: none, control }])).toEqual(["unknown", "no_treated"]);
    expect(reasonOf([{ treated, control: none }])).toEqual(["unknown", "no_control"]);
    expect(reasonOf([step(40, 499)])).toEqual(["unknown", "too_few_units"]);
    expect(reasonOf([step(40, 499)], { minimumUnits: 400 })[1]).toBeNull();
    // Both arms have units, but never in the same step.
    const apart = [
      { treated, control: none },
      { treated: none, control },
    ];
    expect(reasonOf(apart)).toEqual(["unknown", "too_few_units"]);
    const alike = { treated: { ...treated, m2: 0 }, control: { ...control, m2: 0 } };
    expect(reasonOf([alike])).toEqual(["unknown", "no_spread"]);
    expect(reasonOf([step(40, 600)], { tails: { skewness: 30, reach: null } })).toEqual(["unknown", "too_skewed"]);
    expect(reasonOf([step(40)], { tails: { skewness: 2, reach: null } })).toEqual(["breached", null]);
    expect(() => readMeans([], { ...guard, margin: -1 })).toThrow(RangeError);
    expect(() => readMeans([], { ...guard, alpha: 2 })).toThrow(RangeError);
  });
});

describe("a split over steps", () => {
  it("is the sequential split while there is one share, and multiplies evidence over steps", () => {
    const [first, second] = [sequentialSplit([130, 9_870], [1, 99]), sequentialSplit([620, 9_380], [5, 95])];
    const one = { treated: 130, control: 9_870, share: 0.01 };
    const other = { treated: 620, control: 9_380, share: 0.05 };
    expect(splitOverSteps([one]).logEvidence).toBeCloseTo(first.logEvidence ?? 0, 9);
    const both = splitOverSteps([one, other]);
    expect(both.logEvidence).toBeCloseTo((first.logEvidence ?? 0) + (second.logEvidence ?? 0), 9);
    expect(both.p ?? 0).toBeLessThan(Math.min(first.p ?? 0, second.p ?? 0));
    expect(both.state).toBe("alarm");
  });

  it("passes shares that were kept, and keeps the smallest p", () => {
    const kept = [
      { treated: 100, control: 9_900, share: 0.01 },
      { treated: 5_000, control: 5_000, share: 0.5 },
    ];
    expect(splitOverSteps(kept)).toMatchObject({ state: "ok", p: 1 });
    expect(splitOverSteps(kept, { before: 0.0005 })).toMatchObject({ state: "alarm", p: 0.0005 });
    // All units by one share: an alarm where each step is as planned.
    expect(splitOverSteps([{ treated: 5_100, control: 14_900, share: 0.5 }]).state).toBe("alarm");
  });

  it("alarms for units where none can be, and says what it cannot test", () => {
    const silent = { treated: 0, control: 0, share: 0.01 };
    expect(splitOverSteps([])).toMatchObject({ state: "no_data" });
    expect(splitOverSteps([silent])).toMatchObject({ state: "no_data" });
    expect(splitOverSteps([silent, { treated: 1, control: 99, share: 0.01 }])).toMatchObject({ state: "too_few" });
    expect(splitOverSteps([{ treated: 0, control: 500, share: 0 }])).toMatchObject({ state: "one_arm" });
    expect(splitOverSteps([{ treated: 1, control: 500, share: 0 }])).toMatchObject({ state: "alarm", p: null });
    expect(splitOverSteps([{ treated: 500, control: 1, share: 1 }])).toMatchObject({ state: "alarm", p: null });
    expect(splitOverSteps([silent], { before: 0.0001 }).state).toBe("alarm");
    expect(() => splitOverSteps([{ treated: 1, control: 1, share: 1.5 }])).toThrow(RangeError);
    expect(() => splitOverSteps([{ treated: -1, control: 1, share: 0.5 }])).toThrow(RangeError);
  });
});
