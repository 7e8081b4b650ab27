import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Comparison, compareConversions } from "./conversions.ts";

/** Welch, Fieller: mpmath 1.3 with 60 digits. */
const references = [
  {
    name: "Cookie Cats, back after 7 days (published p = 0.0016)",
    control: { n: 44_700, converted: 8_502 },
    treatment: { n: 45_489, converted: 8_279 },
    difference: [-0.008201298315205933, -0.013281677028691, -0.00312091960172087],
    lift: [-0.04311903489646027, -0.06890208640431394, -0.01663546365580709],
    p: 0.001556530181006611,
    verdict: "worse",
  },
  {
    name: "Cookie Cats, back after 1 day (published p = 0.074)",
    control: { n: 44_700, converted: 20_034 },
    treatment: { n: 45_489, converted: 20_119 },
    difference: [-0.005905169787341464, -0.01239259848823485, 0.0005822589135519243],
    lift: [-0.0131756558597466, -0.02745116108650845, 0.001308710149460893],
    p: 0.07441443713953803,
    verdict: "unclear",
  },
  {
    name: "rare conversions, where a delta interval would contradict the test",
    control: { n: 4_072, converted: 9 },
    treatment: { n: 2_035, converted: 29 },
    difference: [0.0120403981405946, 0.006688681681795731, 0.01739211459939348],
    lift: [5.447611247611248, 2.28104611304014, 18.20124563083758],
    p: 0.00001071087116137155,
    verdict: "better",
  },
  {
    name: "small samples with few degrees of freedom",
    control: { n: 12, converted: 6 },
    treatment: { n: 30, converted: 7 },
    difference: [-0.2666666666666667, -0.6248392525280773, 0.09150591919474396],
    lift: [-0.5333333333333333, -0.8738714396776948, 0.4388295693218676],
    p: 0.1348190391599353,
    verdict: "unclear",
  },
] as const;

const counts = fc
  .tuple(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 3_000 }))
  .map(([a, b]) => ({ n: Math.max(a, b), converted: Math.min(a, b) }));
const anyInteger = fc.oneof(fc.integer({ min: -5, max: 20 }), fc.maxSafeInteger());
const anyCounts = fc.record({ n: anyInteger, converted: anyInteger });

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

function excludesZero(interval: { low: number; high: number }): boolean {
  return interval.low > 0 || interval.high < 0;
}

describe("compareConversions", () => {
  it.each(references)("$name", ({ control, treatment, difference, lift, p, verdict }) => {
    const result = compareConversions(control, treatment);
    expect(result.state).toBe("ok");
    expect(result.p).toBeCloseTo(p, 12);
    expect(result.difference?.estimate).toBeCloseTo(difference[0], 13);
    expect(result.difference?.low).toBeCloseTo(difference[1], 11);
    expect(result.difference?.high).toBeCloseTo(difference[2], 11);
    if (result.lift.state !== "bounded") throw new Error("the lift should be bounded");
    expect(result.lift.estimate).toBeCloseTo(lift[0], 12);
    expect(result.lift.low).toBeCloseTo(lift[1], 10);
    expect(result.lift.high).toBeCloseTo(lift[2], 9);
    expect(result.verdict).toBe(verdict);
  });

  it("reports the smallest p instead of 0 when it underflows", () => {
    const { p, verdict } = compareConversions({ n: 100_000, converted: 1_000 }, { n: 100_000, converted: 60_000 });
    expect(p).toBe(1e-300);
    expect(verdict).toBe("better");
  });

  it("turns the verdict for metrics that should decrease", () => {
    const [control, treatment] = [
      { n: 1_000, converted: 100 },
      { n: 1_000, converted: 200 },
    ];
    expect(compareConversions(control, treatment).verdict).toBe("better");
    expect(compareConversions(control, treatment, { direction: "decrease" }).verdict).toBe("worse");
  });

  it("says when the lift is not bounded", () => {
    const result = compareConversions({ n: 500, converted: 6 }, { n: 500, converted: 9 }, { alpha: 0.001 });
    expect(result).toMatchObject({ state: "ok", lift: { state: "unbounded" }, verdict: "unclear" });
  });

  it("uses Newcombe's interval below 5 conversions", () => {
    // Newcombe 1998, Table II, method 10: 5/56 - 0/29 = 0.0893 (-0.0381, 0.1926).
    const result = compareConversions({ n: 29, converted: 0 }, { n: 56, converted: 5 });
    expect(result.state).toBe("few-conversions");
    expect(result.difference?.low).toBeCloseTo(-0.0381, 4);
    expect(result.difference?.high).toBeCloseTo(0.1926, 4);
    expect(result.lift).toMatchObject({ state: "undefined" });
  });

  it("names what cannot be known", () => {
    expect(compareConversions({ n: 0, converted: 0 }, { n: 10, converted: 1 })).toMatchObject({
      state: "no-data",
      p: null,
      difference: null,
      verdict: "unknown",
      control: { n: 0, rate: null },
    });
    for (const converted of [0, 100]) {
      const same = compareConversions({ n: 100, converted }, { n: 100, converted });
      expect(same).toMatchObject({ state: "no-variance", p: null, verdict: "unknown" });
      expect(same.difference?.low).toBeLessThan(0);
    }
    expect(compareConversions({ n: 3, converted: 4 }, { n: 10, converted: 1 }).state).toBe("impossible");
    expect(() => compareConversions({ n: 1, converted: 1 }, { n: 1, converted: 1 }, { alpha: 1 })).toThrow(RangeError);
  });
});

describe("laws", () => {
  const alphas = fc.constantFrom(0.001, 0.01, 0.05, 0.2);

  it("p < alpha exactly when both intervals exclude 0, and the verdict says the same", () => {
    fc.assert(
      fc.property(counts, counts, alphas, (control, treatment, alpha) => {
        const result = compareConversions(control, treatment, { alpha });
        if (result.p === null || result.difference === null) return;
        fc.pre(Math.abs(result.p / alpha - 1) > 1e-9);
        const significant = result.p < alpha;
        expect(excludesZero(result.difference)).toBe(significant);
        if (result.lift.state === "bounded") expect(excludesZero(result.lift)).toBe(significant);
        expect(result.verdict !== "unclear").toBe(significant);
      }),
      { numRuns: 400 },
    );
  });

  it("swapping the arms negates the difference and keeps p", () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const [there, back] = [compareConversions(a, b), compareConversions(b, a)];
        expect(back.state).toBe(there.state);
        if (there.p === null) expect(back.p).toBeNull();
        else expect((back.p ?? 0) / there.p).toBeCloseTo(1, 9);
        if (there.difference === null || back.difference === null) return;
        expect(back.difference.estimate).toBeCloseTo(-there.difference.estimate, 12);
        expect(back.difference.low).toBeCloseTo(-there.difference.high, 9);
      }),
      { numRuns: 300 },
    );
  });

  it("never answers NaN or Infinity, whatever the integers", () => {
    fc.assert(
      fc.property(anyCounts, anyCounts, (control, treatment) => {
        const result: Comparison = compareConversions(control, treatment);
        expect(numbersIn(result).every(Number.isFinite)).toBe(true);
        if (result.p !== null) expect(result.p).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it("intervals contain their estimate", () => {
    fc.assert(
      fc.property(counts, counts, (control, treatment) => {
        const { difference, lift } = compareConversions(control, treatment);
        for (const interval of [difference, lift.state === "bounded" ? lift : null]) {
          if (interval === null) continue;
          expect(interval.low).toBeLessThanOrEqual(interval.estimate + 1e-12);
          expect(interval.high).toBeGreaterThanOrEqual(interval.estimate - 1e-12);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** mulberry32: the same numbers on every machine. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe("simulation", () => {
  it.each([
    { rate: 0.1, nControl: 600, nTreatment: 600 },
    { rate: 0.05, nControl: 900, nTreatment: 300 },
  ])("false positives at a true lift of 0 stay in their band (%o)", ({ rate, nControl, nTreatment }) => {
    const random = seeded(20_261_123);
    const draw = (n: number) => {
      let converted = 0;
      for (let i = 0; i < n; i++) if (random() < rate) converted++;
      return { n, converted };
    };
    const runs = 2_000;
    let rejected = 0;
    for (let i = 0; i < runs; i++) if ((compareConversions(draw(nControl), draw(nTreatment)).p ?? 1) < 0.05) rejected++;
    // 5 % plus or minus three standard errors of a share over 2,000 runs.
    expect(rejected / runs).toBeGreaterThan(0.0354);
    expect(rejected / runs).toBeLessThan(0.0646);
  });
});
