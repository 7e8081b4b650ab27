import { describe, expect, it } from "vitest";
import type { FlagConfiguration } from "./configuration.ts";
import { describeWhenOn, percent } from "./words.ts";

const split = (on: number) => ({
  split: {
    by: "targetingKey",
    salt: "s",
    weights: [
      { variant: "on", parts: on },
      { variant: "off", parts: 100_000 - on },
    ],
  },
});
const base: FlagConfiguration = { on: true, off: "off", targets: [], rules: [], serve: split(10_000) };
const german = {
  id: "de",
  when: [{ attribute: "country", op: "in" as const, values: ["DE", "AT"] }],
  serve: { variant: "on" },
};

describe("percent", () => {
  it("prints parts of 100,000 without invented digits", () => {
    expect([percent(10_000), percent(12_500), percent(1), percent(33_333)]).toEqual([
      "10 %",
      "12.5 %",
      "0.001 %",
      "33.333 %",
    ]);
  });
});

describe("describeWhenOn", () => {
  it("tells what is served in a phrase, whether the flag is on now or not", () => {
    expect(describeWhenOn(base)).toBe("on 10 %, off 90 %");
    expect(describeWhenOn({ ...base, rules: [german] })).toBe("1 rule, then on 10 %, off 90 %");
    expect(describeWhenOn({ ...base, on: false })).toBe("on 10 %, off 90 %");
  });
});
