import { describe, expect, it } from "vitest";
import { WHOLE } from "../format.ts";
import { moveShare, readPercent, writePercent } from "./shares.ts";

const sum = (shares: number[]) => shares.reduce((total, share) => total + share, 0);

describe("moveShare", () => {
  it("moves the other of two, so that they stay whole", () => {
    expect(moveShare([10_000, 90_000], 0, 50_000)).toEqual([50_000, 50_000]);
    expect(moveShare([10_000, 90_000], 1, 12_345)).toEqual([87_655, 12_345]);
  });

  it("takes from several in proportion, in whole parts", () => {
    expect(moveShare([50_000, 30_000, 20_000], 0, 0)).toEqual([0, 60_000, 40_000]);
    const odd = moveShare([33_334, 33_333, 33_333], 0, 33_333);
    expect(sum(odd)).toBe(WHOLE);
    expect(odd.every(Number.isInteger)).toBe(true);
  });

  it("leaves empty shares empty, and fills the first when all others are empty", () => {
    expect(moveShare([50_000, 50_000, 0], 0, 49_999)).toEqual([49_999, 50_001, 0]);
    expect(moveShare([100_000, 0, 0], 0, 60_000)).toEqual([60_000, 40_000, 0]);
    expect(moveShare([0, 0, 100_000], 2, 60_000)).toEqual([40_000, 0, 60_000]);
  });

  it("keeps within the whole and knows a single variant", () => {
    expect(moveShare([10_000, 90_000], 0, 130_000)).toEqual([100_000, 0]);
    expect(moveShare([10_000, 90_000], 0, -5)).toEqual([0, 100_000]);
    expect(moveShare([100_000], 0, 40_000)).toEqual([WHOLE]);
  });

  it("stays whole over a thousand moves", () => {
    let shares = [20_000, 20_000, 20_000, 40_000];
    for (let step = 0; step < 1000; step += 1) {
      shares = moveShare(shares, step % 4, (step * 7919) % (WHOLE + 1));
      expect(sum(shares)).toBe(WHOLE);
      expect(shares.every((share) => Number.isInteger(share) && share >= 0)).toBe(true);
    }
  });
});

describe("percent text", () => {
  it.each([
    ["12.5", 12_500],
    ["12,5 %", 12_500],
    [" 100 ", 100_000],
    ["0.001", 1],
    ["33.", 33_000],
  ])("reads %j", (text, parts) => expect(readPercent(text)).toBe(parts));

  it.each(["", "x", "-1", "101", "100.1", "1e2", "%"])("refuses %j", (text) =>
    expect(readPercent(text)).toBeUndefined(),
  );

  it("writes what it reads", () => {
    for (const parts of [0, 1, 999, 12_500, 33_333, 100_000]) expect(readPercent(writePercent(parts))).toBe(parts);
  });
});
