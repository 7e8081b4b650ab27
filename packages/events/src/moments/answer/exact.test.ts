import { describe, expect, test } from "vitest";
import { numbers } from "../../reference/fixtures.ts";
import { addUp } from "./add-up.ts";
import { oneMoments, stepSums, twoMoments } from "./exact.ts";
import { HALF, histogramOf } from "./histogram.ts";

const FRACTION = 60;
const next = numbers(5);
const scaled = (value: number) => BigInt(Math.round(value * 1_024)) << BigInt(FRACTION - 10);
const sum = (values: bigint[]) => values.reduce((total, value) => total + value, 0n);

describe("centred moments", () => {
  test("do not change when all values are moved, however far", () => {
    for (let round = 0; round < 50; round += 1) {
      const values = Array.from({ length: 2 + next(40) }, () => next(5_000) / 1_024);
      const of = (shift: number) => {
        const all = values.map((value) => scaled(value + shift));
        return oneMoments(BigInt(all.length), sum(all), sum(all.map((one) => one * one)), FRACTION);
      };
      const [here, far] = [of(0), of(2 ** 40)];
      expect(far.m2).toBe(here.m2);
      expect(far.mean - 2 ** 40).toBeCloseTo(here.mean, 3);
    }
  });

  test("of a quantity with itself are its own three times", () => {
    const values = Array.from({ length: 30 }, () => scaled(next(9_000) - 4_000));
    const [n, y, yy] = [30n, sum(values), sum(values.map((one) => one * one))];
    const { yy: one, xx, xy } = twoMoments({ n, y, x: y, yy, xx: yy, xy: yy }, { y: FRACTION, x: FRACTION });
    expect([xx, xy]).toEqual([one, one]);
    expect(oneMoments(n, y, yy, FRACTION).m2).toBe(one);
  });

  test("of nothing are zeros, and a step without news is none", () => {
    expect(oneMoments(0n, 0n, 0n, FRACTION)).toEqual({ n: 0, mean: 0, m2: 0 });
    const counts = { n: [1n, 0n], y: [0n, 0n], yy: [0n, 0n], fraction: { y: 0, x: 0 } };
    expect([stepSums(counts, 0), stepSums(counts, 1)]).toEqual([{ n: 1, y: 0, yy: 0 }, undefined]);
  });
});

describe("histogramOf", () => {
  test("tiles the line: every bucket begins where the one before ends, the largest at 2^53", () => {
    const all = histogramOf(Array.from({ length: 2 * HALF }, () => 1));
    expect(all).toHaveLength(2 * HALF);
    for (const [i, bucket] of all.entries()) {
      expect(bucket.from).toBeLessThan(bucket.to);
      if (i > 0) expect(bucket.from).toBe(all[i - 1]?.to);
    }
    expect(all.at(-1)?.from).toBe(2 ** 53);
    expect(all[HALF]).toEqual({ from: 0, to: 2 ** -20, units: 1 });
  });
});

describe("addUp", () => {
  test("adds rows of one arm and value, and keeps the earliest and the latest", () => {
    const row = (arm: number, units: string, sums: string[], earliest: string) =>
      ({ arm, slot: 0, isWhole: 1, units, sums, earliest, latest: earliest }) as const;
    const big = String(2n ** 200n);
    expect(addUp([row(1, "2", [big, "-3"], "7"), row(2, "1", ["0", "0"], "1"), row(1, "5", ["1", "4"], "6")])).toEqual([
      { arm: 1, slot: 0, isWhole: 1, units: "7", sums: [String(2n ** 200n + 1n), "1"], earliest: "6", latest: "7" },
      row(2, "1", ["0", "0"], "1"),
    ]);
  });
});
