import { describe, expect, it } from "vitest";
import reference from "../../reference/distributions.json";
import { logChiSquareTail, logGamma, logGammaTail } from "./gamma.ts";
import { logNormalCdf, logNormalTail, normalQuantile } from "./normal.ts";
import { logStudentTail, studentQuantile } from "./student.ts";

// Reference values: mpmath 1.3 with 60 digits (betainc and gammainc, regularised).
const studentTails = [
  [0.001, 3, -0.0007353753527269426],
  [0.5, 1, -0.34979471750208646],
  [1.0, 2.5, -0.9061893548095515],
  [1.7, 10, -2.120519019591357],
  [1.74, 4, -1.8525416005986695],
  [2, 30, -2.907262802445749],
  [3.1547, 90186.3, -6.433286885980717],
  [8.3, 50, -23.58187030536663],
  [12, 7.3, -12.299112653619847],
  [30, 200, -173.25177104258321],
  [37, 1e6, -687.8686415454798],
  [2, 1e9, -3.0900371471890478],
  [36, 1e9, -651.8096598618502],
  [5, 1e12, -14.37185121326022],
  [1.5, 1e9, -2.0127972179011815],
  [200, 3, -15.104171476857577],
] as const;

const gammaTails = [
  [0.5, 0.01, -0.1193049737373956],
  [0.5, 5, -6.459612454150122],
  [0.5, 700, -703.8486181251224],
  [1, 2, -2.0],
  [1.5, 3.905, -2.993613392967689],
  [2, 100, -95.38487948315874],
  [4.5, 1, -0.008569002631324334],
  [10, 9, -0.5320352250216928],
  [10, 30, -11.852356955071915],
  [50, 40, -0.07293104448422515],
  [50, 120, -29.463088537235265],
] as const;

describe("tails", () => {
  // An absolute error in log p is the relative error in p.
  it.each(studentTails)("Student t=%d df=%d", (t, df, expected) => {
    expect(Math.abs(logStudentTail(t, df) - expected)).toBeLessThan(1e-10);
  });

  it.each(gammaTails)("upper gamma a=%d x=%d", (a, x, expected) => {
    expect(Math.abs(logGammaTail(a, x) - expected)).toBeLessThan(1e-11);
  });

  it("log gamma at known points", () => {
    expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 14);
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 13);
  });
});

describe("quantiles", () => {
  it("normal", () => {
    expect(normalQuantile(0.05)).toBeCloseTo(1.959963984540054, 12);
    expect(normalQuantile(0.001)).toBeCloseTo(3.290526731491926, 12);
  });

  it("Student", () => {
    expect(studentQuantile(0.05, 4)).toBeCloseTo(2.776445105197793, 11);
    expect(studentQuantile(0.05, 1)).toBeCloseTo(12.706204736432095, 9);
    expect(studentQuantile(0.05, 90_186)).toBeCloseTo(1.9599903, 6);
  });
});

/** Absolute error of a log tail is the relative error of the tail; past e^-1000 the relative error of the logarithm. */
function logError(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.max(1, Math.abs(expected) / 1_000);
}

describe("against mpmath and scipy (reference/distributions.py)", () => {
  it("Student's tail to 1e-10, to p below 1e-4000", () => {
    for (const [t = 0, df = 0, expected = 0] of reference.student) {
      expect(logError(logStudentTail(t, df), expected), `t=${t} df=${df}`).toBeLessThan(1e-10);
    }
  });

  it("the normal tail to 1e-11, to p below 1e-200000", () => {
    for (const [z = 0, expected = 0] of reference.normal) {
      expect(logError(logNormalTail(z), expected), `z=${z}`).toBeLessThan(1e-11);
      expect(logError(logNormalCdf(-z), expected - Math.LN2), `z=${-z}`).toBeLessThan(1e-11);
    }
  });

  it("the chi-square tail to 1e-11", () => {
    for (const [x = 0, df = 0, expected = 0] of reference.chiSquare) {
      expect(logError(logChiSquareTail(x, df), expected), `x=${x} df=${df}`).toBeLessThan(1e-11);
    }
  });

  it("log gamma to 1e-14 of its size", () => {
    for (const [x = 0, expected = 0] of reference.logGamma) {
      expect(Math.abs(logGamma(x) - expected) / Math.max(1, Math.abs(expected)), `x=${x}`).toBeLessThan(1e-14);
    }
  });

  it("quantiles to 1e-9 relative", () => {
    for (const [alpha = 0, df = 0, expected = 0] of reference.studentQuantile) {
      expect(Math.abs(studentQuantile(alpha, df) / expected - 1), `${alpha} ${df}`).toBeLessThan(1e-9);
    }
    for (const [alpha = 0, expected = 0] of reference.normalQuantile) {
      expect(Math.abs(normalQuantile(alpha) / expected - 1), `${alpha}`).toBeLessThan(1e-11);
    }
  });
});
