import { describe, expect, it } from "vitest";
import {
  formatAge,
  formatBytes,
  formatChange,
  formatCount,
  formatDuration,
  formatMoment,
  formatP,
  formatParts,
  formatRate,
} from "./format.ts";

const plain = (text: string) => text.replaceAll("\u202f", " ");

describe("format", () => {
  it("writes shares, rates and changes", () => {
    expect(plain(formatParts(12_500))).toBe("12.5 %");
    expect(plain(formatParts(1))).toBe("0.001 %");
    expect(plain(formatRate(0.19019))).toBe("19.02 %");
    expect(plain(formatChange(0.0151))).toBe("+1.5 %");
    expect(plain(formatChange(-0.0432))).toBe("−4.3 %");
    expect(plain(formatChange(-0.0001))).toBe("0.0 %");
    expect(formatCount(20_034)).toBe("20,034");
  });

  it("writes p-values with the digits that decide", () => {
    expect([0.00001, 0.00155, 0.0739, null].map(formatP)).toEqual([
      "p < 0.0001",
      "p = 0.0015",
      "p = 0.074",
      "p unknown",
    ]);
  });

  it("writes moments the same on every machine", () => {
    expect(formatMoment(new Date("2026-11-03T04:05:06Z"))).toBe("3 Nov 2026, 04:05 UTC");
  });

  it.each([
    [-5_000, "just now"],
    [9_999, "just now"],
    [45_000, "45 s ago"],
    [4 * 60_000, "4 min ago"],
    [2.9 * 3_600_000, "2 h ago"],
    [12 * 86_400_000, "12 d ago"],
    [40 * 86_400_000, "14 Oct 2026"],
  ])("age of %d ms: %s", (ageMs, text) => {
    const now = Date.UTC(2026, 10, 23, 12);
    expect(formatAge(new Date(now - ageMs), now)).toBe(text);
  });

  it.each([
    [0, "0 ms"],
    [59.6, "60 ms"],
    [1_240, "1.2 s"],
    [2_000, "2 s"],
    [45_900, "45 s"],
    [3_599_000, "59 min"],
    [2.9 * 3_600_000, "2 h"],
    [50 * 86_400_000, "50 d"],
  ])("%d ms long: %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

  it.each([
    [0, "0 bytes"],
    [999, "999 bytes"],
    [3_400_000, "3.4 MB"],
    [1e12, "1 TB"],
    [5e15, "5000 TB"],
  ])("%d bytes: %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});
