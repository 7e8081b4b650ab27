import { describe, expect, it } from "vitest";
import { german, tenth } from "./fixtures.ts";
import { describeParts, describeWhenOn } from "./words.ts";

describe("percent", () => {
  it("prints parts of 100,000 without invented digits", () => {
    expect([describeParts(10_000), describeParts(12_500), describeParts(1), describeParts(33_333)]).toEqual([
      "10 %",
      "12.5 %",
      "0.001 %",
      "33.333 %",
    ]);
  });
});

describe("describeWhenOn", () => {
  it("tells what is served in a phrase, whether the flag is on now or not", () => {
    expect(describeWhenOn(tenth)).toBe("on 10 %, off 90 %");
    expect(describeWhenOn({ ...tenth, rules: [german] })).toBe("1 rule, then on 10 %, off 90 %");
    expect(describeWhenOn({ ...tenth, on: false })).toBe("on 10 %, off 90 %");
  });
});
