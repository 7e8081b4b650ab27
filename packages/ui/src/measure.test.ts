import { describe, expect, it } from "vitest";
import { formatChance, formatMeasure, formatMeasureChange, formatNumber, type MeasureFormat } from "./measure.ts";

const plain = (text: string) => text.replaceAll("\u202f", " ").replaceAll("\u00a0", " ");
const as = (style: MeasureFormat["style"], unit = ""): MeasureFormat => ({ style, unit });

describe("formatMeasure", () => {
  it.each([
    [0.1847, as("percent"), "18.47 %"],
    [20_034.6, as("number"), "20,035"],
    [3.42191, as("number"), "3.422"],
    [-0.000123456, as("number"), "−0.0001235"],
    [0, as("number", "items"), "0 items"],
    [12.345, as("currency", "EUR"), "€12.35"],
    [0.0042, as("currency", "USD"), "US$0.0042"],
    [1234, as("currency", "JPY"), "JP¥1,234"],
    [12.345, as("currency", "points"), "12.35 points"],
    [412.3, as("duration", "ms"), "412 ms"],
    [1_240, as("duration", "ms"), "1.24 s"],
    [205, as("duration", "s"), "3.42 min"],
    [205, as("duration"), "3.42 min"],
    [0, as("duration", "ms"), "0 ms"],
    [0.5, as("duration", "ms"), "0.5 ms"],
    [3, as("duration", "moons"), "3 moons"],
  ])("%d as %o: %s", (value, format, text) => expect(plain(formatMeasure(value, format))).toBe(text));
});

describe("formatMeasureChange", () => {
  it.each([
    [0.0027, as("percent"), "+0.27 pt"],
    [-0.0027, as("percent"), "−0.27 pt"],
    [-1.5, as("currency", "EUR"), "−€1.50"],
    [11, as("duration", "ms"), "+11 ms"],
    [-0.25, as("number"), "−0.25"],
    [0.004947, as("number"), "+0.00495"],
    [0.10961, as("currency", "EUR"), "+€0.11"],
    [20_034.6, as("number"), "+20,035"],
    [0, as("number"), "0"],
  ])("%d as %o: %s", (value, format, text) => expect(plain(formatMeasureChange(value, format))).toBe(text));
});

describe("formatChance", () => {
  it("is never certain", () => {
    expect([1 - 1e-12, 0.99991, 0.9987, 0.932, 0.005, 1e-9].map((chance) => plain(formatChance(chance)))).toEqual([
      "> 99.99 %",
      "> 99.99 %",
      "99.87 %",
      "93.2 %",
      "0.50 %",
      "< 0.01 %",
    ]);
  });
});

it("writes nothing as minus nothing", () => expect(formatNumber(-0)).toBe("0"));
