import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findUnstorable } from "./storable.ts";

/** A value that is inside itself. */
function endless(): unknown {
  const value: { inside?: unknown } = {};
  value.inside = value;
  return value;
}

const nested = (levels: number) => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`) as unknown;

describe("findUnstorable", () => {
  it("finds nothing in JSON of whole characters", () => {
    const text = fc.string({ unit: "binary" }).filter((value) => !value.includes("\0"));
    const json = fc.jsonValue({ stringUnit: "grapheme" });
    fc.assert(fc.property(json, (value) => findUnstorable(value) === undefined));
    fc.assert(fc.property(text, (value) => findUnstorable({ deep: [value] }) === undefined));
  });

  it.each([
    ["a NUL", { a: ["x\0y"] }, ["a", "0"]],
    ["a high half of a pair", { a: "x\ud83d" }, ["a"]],
    ["a low half of a pair", ["\udc00x"], ["0"]],
    ["a NUL in a member's name", { a: { "b\0": 1 } }, ["a"]],
    ["half a pair in a member's name", { "\ud83d": 1 }, []],
    ["infinity", { a: Number.POSITIVE_INFINITY }, ["a"]],
    ["no number", { a: Number.NaN }, ["a"]],
    ["a member called __proto__", JSON.parse('{"a":{"__proto__":1}}'), ["a"]],
    ["a map", { a: new Map() }, ["a"]],
    ["a date", { a: new Date() }, ["a"]],
    ["a pattern", { a: /x/ }, ["a"]],
    ["a big integer", { a: 1n }, ["a"]],
  ])("finds %s, and says where", (_, value, path) => {
    expect(findUnstorable(value)).toMatchObject({ path, problem: expect.stringMatching(/\S/) });
  });

  it("looks no deeper than a limit, however deep a value is", () => {
    expect(findUnstorable(nested(60))).toBeUndefined();
    for (const value of [nested(70), nested(100_000), endless()]) {
      expect(findUnstorable(value)).toMatchObject({ problem: expect.stringContaining("levels deep") });
    }
  });
});
