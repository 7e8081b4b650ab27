import { describe, expect, it } from "vitest";
import { nextPath } from "./next-path.ts";

describe("nextPath", () => {
  it("keeps a path of this site, with its query", () => {
    expect(nextPath("/demo/harbour/flags/summer-banner?env=production")).toBe(
      "/demo/harbour/flags/summer-banner?env=production",
    );
  });

  it.each([
    undefined,
    "",
    "harbour",
    "https://elsewhere.example",
    "//elsewhere.example/a",
    "/\\elsewhere.example",
    "/..//elsewhere.example",
    "javascript:alert(1)",
    "//[",
    "/\\\\[",
    "/\\[",
  ])("goes home for %j", (asked) => expect(nextPath(asked)).toBe("/"));
});
