import { describe, expect, it } from "vitest";
import { firstVariants, keyFromName, keyProblem, readValue } from "./new-flag.ts";

describe("new flag", () => {
  it.each([
    ["Free shipping!", "free-shipping"],
    ["  Prüfung à la carte ", "prufung-a-la-carte"],
    ["☂", ""],
  ])("makes a key of %j", (name, key) => expect(keyFromName(name)).toBe(key));

  it("knows good keys", () => {
    expect(keyProblem("checkout.v2_new-1")).toBeUndefined();
    expect(keyProblem("-a")).toBeTruthy();
    expect(keyProblem("a b")).toBeTruthy();
    expect(keyProblem("")).toBeTruthy();
    expect(keyProblem("a".repeat(81))).toBeTruthy();
  });

  it("reads values by type and says what it wants", () => {
    expect(readValue("number", "0.5")).toEqual({ value: 0.5 });
    expect(readValue("number", "")).toHaveProperty("problem");
    expect(readValue("json", '{"a":[1]}')).toEqual({ value: { a: [1] } });
    expect(readValue("json", "{")).toHaveProperty("problem");
    expect(readValue("string", "")).toEqual({ value: "" });
    expect(readValue("boolean", "true")).toEqual({ value: true });
  });

  it("starts each type with two variants", () => {
    for (const type of ["boolean", "string", "number", "json"] as const) expect(firstVariants(type)).toHaveLength(2);
  });
});
