import { describe, expect, it } from "vitest";
import { askedByFlag, lastAsked } from "./asked.ts";

const asked = askedByFlag([
  { flag: "a", environment: "development", at: "2026-11-23T14:00:00.000Z" },
  { flag: "a", environment: "production", at: "2026-11-23T12:00:00.000Z" },
  { flag: "b", environment: "development", at: "2026-11-02T14:00:00.000Z" },
  { flag: "b", environment: "staging", at: "2026-11-20T14:00:00.000Z" },
]);

describe("when a flag was asked last", () => {
  it("is about the environment, even when another asked later", () => {
    expect(lastAsked(asked.get("a"), "production")).toEqual({ at: "2026-11-23T12:00:00.000Z", here: true });
  });

  it("is the last time elsewhere when the environment never evaluated it", () => {
    expect(lastAsked(asked.get("b"), "production")).toEqual({ at: "2026-11-20T14:00:00.000Z", here: false });
  });

  it("is nothing for one that nobody asked for", () => {
    expect(lastAsked(asked.get("c"), "production")).toBeUndefined();
  });
});
