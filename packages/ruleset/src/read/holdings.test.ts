import { describe, expect, it } from "vitest";
import { type CurrentRuleset, etagOf, Holdings, type KeyInfo, nameOf } from "./index.ts";

const key = (more: Partial<KeyInfo> = {}): KeyInfo => ({
  ...{ id: "k", environmentId: "e", environmentKey: "live", projectId: "p", projectKey: "shop" },
  ...{ audience: "client", origins: ["https://a.example"] },
  ...more,
});
const ruleset = (environmentId: string, version: number, digest = "d"): CurrentRuleset => ({
  ...{ environmentId, environment: "shop/live", audience: "client", version, digest, document: "{}", publishedAt: 0 },
  etag: etagOf({ version, digest }),
});
const catalogue = (rulesets: CurrentRuleset[], keys = [key()]) => ({
  keys: new Map(keys.map((one) => [`hash of ${one.id}`, one])),
  rulesets: new Map(rulesets.map((one) => [nameOf(one), one])),
});

function listening() {
  const heard: string[] = [];
  const holdings: Holdings = new Holdings({
    onKeys: () => heard.push(`keys ${holdings.catalogue().keys.size}`),
    onRuleset: ({ environmentId, version }) =>
      heard.push(`${environmentId} ${version} ${holdings.current(environmentId, "client")?.version}`),
  });
  return { holdings, heard };
}

describe("what is held in memory", () => {
  it("tells of what is new, keys first, when it can be read", () => {
    const { holdings, heard } = listening();
    expect(holdings.replace(catalogue([ruleset("a", 1), ruleset("b", 1)]))).toBe(3);
    expect(heard).toEqual(["keys 1", "a 1 1", "b 1 1"]);
    expect(holdings.replace(catalogue([ruleset("a", 2), ruleset("b", 1)]))).toBe(1);
    expect(heard.slice(3)).toEqual(["a 2 2"]);
  });

  it("keeps what is the same as the same object, so that nothing made of it is made again", () => {
    const { holdings } = listening();
    holdings.replace(catalogue([ruleset("a", 1)]));
    const { keys } = holdings.catalogue();
    const held = holdings.current("a", "client");
    expect(holdings.replace(catalogue([ruleset("a", 1)]))).toBe(0);
    expect(holdings.current("a", "client")).toBe(held);
    expect(holdings.catalogue().keys).toBe(keys);
  });

  it.each<[string, CurrentRuleset]>([
    ["an older version, as after a restored backup", ruleset("a", 1)],
    ["the same version with other content", ruleset("a", 2, "other")],
  ])("follows to %s", (_, next) => {
    const { holdings } = listening();
    holdings.replace(catalogue([ruleset("a", 2)]));
    holdings.replace(catalogue([next]));
    expect(holdings.current("a", "client")).toBe(next);
  });

  it.each<[string, KeyInfo[]]>([
    ["revoked", []],
    ["joined by another", [key(), key({ id: "l" })]],
    ["given other origins", [key({ origins: [] })]],
    ["renamed with its environment", [key({ environmentKey: "test" })]],
  ])("tells of a key that is %s", (_, keys) => {
    const { holdings, heard } = listening();
    holdings.replace(catalogue([]));
    holdings.replace(catalogue([], keys));
    expect(heard).toEqual(["keys 1", `keys ${keys.length}`]);
    expect([...holdings.catalogue().keys.values()]).toEqual(keys);
  });

  it("forgets what is gone", () => {
    const { holdings } = listening();
    holdings.replace(catalogue([ruleset("a", 1)]));
    holdings.replace(catalogue([]));
    expect(holdings.current("a", "client")).toBeUndefined();
  });
});
