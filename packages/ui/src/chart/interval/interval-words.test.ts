import { describe, expect, it } from "vitest";
import type { ChartInterval, NoIntervalReason } from "./interval.ts";
import { commonLevel, intervalNote, intervalText, levelText } from "./interval-words.ts";

const plain = (text: string | undefined) => text?.replaceAll("\u202f", " ");
const level = 0.95;

describe("intervalText", () => {
  it.each<[ChartInterval, string]>([
    [{ state: "bounded", estimate: 0.015, low: -0.002, high: 0.032, level }, "−0.2 % to +3.2 %"],
    [{ state: "one_sided", estimate: 0.015, low: -0.002, high: null, level }, "at least −0.2 %"],
    [{ state: "one_sided", estimate: 0.015, low: null, high: 0.032, level }, "at most +3.2 %"],
    [{ state: "one_sided", estimate: 0.015, low: null, high: null, level }, "any size"],
    [{ state: "unbounded", estimate: 2, level }, "any size"],
    [{ state: "unknown", reason: "no_data", estimate: null }, "–"],
  ])("%o", (interval, text) => expect(plain(intervalText(interval))).toBe(text));
});

describe("intervalNote", () => {
  it("has words for every reason, and none for a plain range", () => {
    const reasons: NoIntervalReason[] = [
      "no_data",
      "not_enough_data",
      "zero_variance",
      "zero_denominator",
      "impossible",
      "out_of_range",
      "too_skewed",
      "ties",
      "precision_lost",
      "zero_baseline",
      "drifted",
    ];
    const notes = reasons.map((reason) => intervalNote({ state: "unknown", reason, estimate: null }));
    expect(new Set(notes).size).toBe(reasons.length);
    expect(notes.every((note) => note && !note.includes("_"))).toBe(true);
    expect(intervalNote({ state: "unbounded", estimate: 1, level })).toContain("any lift");
    expect(intervalNote({ state: "bounded", estimate: 0, low: -1, high: 1, level })).toBeUndefined();
  });
});

describe("levels", () => {
  it("are printed as they are", () => {
    expect([0.95, 0.98333, 0.9].map(levelText)).toEqual(["95 % CI", "98.3 % CI", "90 % CI"]);
  });

  it("stand once above a column only where all rows have the same", () => {
    const one: ChartInterval = { state: "unbounded", estimate: 1, level: 0.95 };
    const unknown: ChartInterval = { state: "unknown", reason: "no_data", estimate: null };
    expect(commonLevel([one, unknown, one])).toBe(0.95);
    expect(commonLevel([one, { ...one, level: 0.975 }])).toBeNull();
    expect(commonLevel([unknown])).toBeNull();
  });
});
