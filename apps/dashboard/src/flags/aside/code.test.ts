import { describe, expect, it } from "vitest";
import { defaultValue, reactSnippet, sdkSnippet, variableName } from "./code.ts";

describe("code", () => {
  it.each([
    ["summer-banner", "summerBanner"],
    ["checkout.v2_new", "checkoutV2New"],
    ["2-step", "flag2Step"],
    ["Hero", "hero"],
  ])("names %s %s", (key, name) => expect(variableName(key)).toBe(name));

  it("defaults to what is served while off", () => {
    const variants = [
      { key: "on", value: true },
      { key: "off", value: false },
    ];
    expect(defaultValue({ variants }, "off")).toBe(false);
    expect(defaultValue({ variants }, "gone")).toBe(false);
  });

  it("writes literals that are valid code", () => {
    expect(reactSnippet("hero-text", 'say "hi"')).toContain('const heroText = useFlag("hero-text", "say \\"hi\\"");');
    expect(sdkSnippet("theme", { a: [1] })).toContain('me.value("theme", {"a":[1]});');
  });
});
