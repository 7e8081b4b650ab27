import { describe, expect, it } from "vitest";
import { seeded } from "../../simulation/random.ts";
import { secondsUntilFound, stepped } from "../../simulation/release/failures.ts";
import { type DetectionPlan, detectable } from "./detectable.ts";

const shares = [0.01, 0.05, 0.25, 0.5];
const plan: DetectionPlan = {
  unitsPerSecond: 100,
  baseRate: 0.005,
  steps: shares.map((share) => ({ share, seconds: 600 })),
  alpha: 0.01,
  margin: 0,
};

const RUNS = 150;

/** Sorted seconds of simulated releases until harm of this ratio is found. */
function simulate({ unitsPerSecond, baseRate, margin, alpha }: DetectionPlan, ratio: number): number[] {
  const random = seeded(17);
  const world = { unitsPerSecond, base: baseRate, ratio, margin, shares: stepped(shares, 480) };
  return Array.from({ length: RUNS }, () => secondsUntilFound(random, world, alpha)).sort((a, b) => a - b);
}

describe("what a step can detect", () => {
  it.each([
    plan,
    { ...plan, unitsPerSecond: 1_000 },
    { ...plan, unitsPerSecond: 20, baseRate: 0.01 },
    { ...plan, margin: 0.5, alpha: 0.0025 },
  ])("is what simulation finds: $unitsPerSecond a second, $baseRate fail, margin $margin", (own) => {
    const told = detectable(own);
    for (const { smallest, endsAt } of told.steps) {
      const found = simulate(own, smallest ?? Number.NaN).filter((seconds) => seconds <= endsAt).length / RUNS;
      // Within 0.05, and three standard errors of so many runs.
      expect(Math.abs(found - 0.8)).toBeLessThan(0.05 + 0.1);
    }
    for (const { ratio, seconds } of told.medians) {
      const median = simulate(own, ratio)[RUNS / 2] ?? 0;
      if (seconds === null) expect(median).toBeGreaterThan(2_200);
      else expect(Math.abs(seconds - median)).toBeLessThanOrEqual(5 + 0.2 * median);
    }
  });

  it("finds less with less traffic, more margin, more power and less error", () => {
    const smallest = (more: Partial<DetectionPlan>) =>
      detectable({ ...plan, ...more }).steps.map((step) => step.smallest ?? 99);
    const usual = smallest({});
    expect(usual).toEqual(usual.toSorted((a, b) => b - a));
    const worse = [{ unitsPerSecond: 50 }, { margin: 0.2 }, { power: 0.95 }, { alpha: 0.001 }, { baseRate: 0.002 }];
    for (const more of worse) {
      for (const [i, ratio] of smallest(more).entries()) expect(ratio).toBeGreaterThan(usual[i] ?? 99);
    }
  });

  it("says nothing where nothing can be found", () => {
    const nothing = { steps: [{ smallest: null }], medians: [{ seconds: null }, { seconds: null }, { seconds: null }] };
    const one = (share: number, more: Partial<DetectionPlan> = {}) =>
      detectable({ ...plan, steps: [{ share, seconds: 60 }], ...more });
    expect(one(0.01, { unitsPerSecond: 1 })).toMatchObject(nothing);
    expect(one(0)).toMatchObject(nothing);
    expect(one(1)).toMatchObject(nothing);
    expect(one(0.5, { baseRate: 0 })).toMatchObject(nothing);
    expect(one(0.5, { unitsPerSecond: 0 })).toMatchObject(nothing);
    expect(detectable({ ...plan, steps: [] })).toMatchObject({ steps: [], medians: [{ seconds: null }, {}, {}] });
    // More than all cannot fail: ten times a third is no ratio.
    const third = detectable({ ...plan, baseRate: 0.3, steps: [{ share: 0.5, seconds: 600 }] });
    expect(third.medians.map(({ seconds }) => seconds === null)).toEqual([false, true, true]);
    expect(third.steps[0]?.smallest).toBeLessThan(1.2);
  });

  it("keeps what a step has found for the steps after it, when those compare nothing", () => {
    const found = detectable({
      ...plan,
      steps: [
        { share: 0.5, seconds: 600 },
        { share: 1, seconds: 600 },
      ],
    });
    expect(found.steps[1]?.smallest).toBe(found.steps[0]?.smallest);
  });

  it("refuses what only a bug can pass", () => {
    const bad: Partial<DetectionPlan>[] = [
      { unitsPerSecond: -1 },
      { baseRate: 1.5 },
      { alpha: 0 },
      { margin: -0.1 },
      { power: 1 },
      { lookEvery: 0 },
      { steps: [{ share: 2, seconds: 1 }] },
      { steps: [{ share: 0.5, seconds: Number.NaN }] },
    ];
    for (const more of bad) expect(() => detectable({ ...plan, ...more })).toThrow(RangeError);
  });
});
