import { describe, expect, it } from "vitest";
import { defaultValue, snippetKinds, snippetOf, variableName } from "./code.ts";

describe("code", () => {
  it.each([
    ["summer-banner", "summerBanner"],
    ["checkout.v2_new", "checkoutV2New"],
    ["2-step", "flag2Step"],
    ["Hero", "hero"],
  ])("names %s %s", (key, name) => expect(variableName(key)).toBe(name));

  it("has one default for all environments: what is served while off in the critical one", () => {
    const variants = [
      { key: "on", value: true },
      { key: "off", value: false },
    ];
    const place = (critical: boolean, off: string) => ({ critical, config: { off } });
    expect(defaultValue({ variants, environments: [place(false, "on"), place(true, "off")] })).toBe(false);
    expect(defaultValue({ variants, environments: [place(false, "on"), place(false, "off")] })).toBe(true);
    expect(defaultValue({ variants, environments: [place(true, "gone")] })).toBe(false);
    expect(defaultValue({ variants, environments: [] })).toBe(false);
  });

  it("writes literals that are valid code", () => {
    const said = snippetOf("react", "hero-text", 'say "hi"');
    expect(said).toContain('const heroText = useFlag("hero-text", "say \\"hi\\"");');
    expect(snippetOf("sdk", "theme", { a: [1] })).toContain('me.value("theme", {"a":[1]});');
    expect(snippetOf("server", "theme", { a: [1] })).toContain('me.value("theme", {"a":[1]});');
  });

  it.each([
    [false, 'getBooleanValue("x", false)'],
    ["a", 'getStringValue("x", "a")'],
    [3, 'getNumberValue("x", 3)'],
    [{ a: 1 }, 'getObjectValue("x", {"a":1})'],
  ])("asks the edge for %j by OpenFeature's call of its type", (fallback, call) => {
    expect(snippetOf("ofrep", "x", fallback)).toContain(call);
  });

  it("offers only what can answer: a client key has no rules of a flag that the edge or servers decide", () => {
    const kinds = (["client", "edge", "server"] as const).map((one) => snippetKinds(one).map(({ value }) => value));
    expect(kinds).toEqual([["react", "sdk"], ["ofrep", "server"], ["server"]]);
  });
});
