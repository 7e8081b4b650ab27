import { describe, expect, it } from "vitest";
import { ControlError } from "../door/error.ts";
import { vetPatterns } from "./patterns.ts";

const matching = (...values: string[]) => [{ attribute: "email", op: "matches" as const, values }];

async function refusal(...patterns: string[]): Promise<string> {
  try {
    await vetPatterns(matching(...patterns));
    return "";
  } catch (cause) {
    if (!(cause instanceof ControlError)) throw cause;
    return JSON.stringify([cause.message, cause.detail]);
  }
}

describe("patterns are vetted when they are saved", () => {
  it("fast ones pass, and other conditions are not looked at", async () => {
    await vetPatterns([
      ...matching("@example\\.com$", "^(DE|AT|CH)-\\d{4}$", "[ab]{50}c"),
      { attribute: "x", op: "contains", values: ["(a+)+$"] },
    ]);
  });

  it.each([
    ["exponential", "^(a+)+$"],
    ["exponential in the pattern", `^${"a?".repeat(24)}b$`],
    ["quadratic", "x*x*y"],
  ])("%s ones are refused, with a text that shows it", async (_name, pattern) => {
    expect(await refusal(pattern)).toMatch(/can take very long: on texts like .+ it has more than 500 ways/);
  });

  it("an empty one is refused, as an empty text is", async () => {
    expect(await refusal("")).toContain("An empty pattern matches everything");
  });

  it("all that is wrong is said at once", async () => {
    const said = await refusal("^(a+)+$", "ok", "(b|b)*c");
    expect(said).toContain("(a+)+");
    expect(said).toContain("(b|b)*c");
  });
});
