import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDeep } from "./text.ts";

/** How deep a value nests, by its definition. */
const depthOf = (value: unknown): number =>
  typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

describe("isDeep", () => {
  it("agrees with the definition, whatever texts hold", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, noUnicodeString: false }), fc.nat(7), (value, depth) => {
        expect(isDeep(Buffer.from(JSON.stringify(value)), depth)).toBe(depthOf(value) > depth);
      }),
    );
  });

  it.each([
    ['["[[[[{{{{"]', 1, false],
    ['["\\"[[["]', 1, false],
    ['["\\\\",[[]]]', 2, true],
    ["[[[", 2, true],
    ["]]]][", 1, false],
  ])("%s is deeper than %d: %s", (json, depth, expected) => {
    expect(isDeep(Buffer.from(json), depth)).toBe(expected);
  });
});
