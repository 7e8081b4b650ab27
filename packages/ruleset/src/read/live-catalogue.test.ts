import { describe, expect, it } from "vitest";
import { type CurrentRuleset, catalogueName, etagOf, type KeyInfo, LiveCatalogue } from "./index.ts";

const key = (more: Partial<KeyInfo> = {}): KeyInfo => ({
  id: "k",
  environmentId: "e",
  environmentKey: "live",
  projectId: "p",
  projectKey: "shop",
  audience: "client",
  origins: ["https://a.example"],
  ...more,
});
const ruleset = (environmentId: string, version: number, digest = "d"): CurrentRuleset => ({
  environmentId,
  environment: "shop/live",
  audience: "client",
  version,
  digest,
  document: "{}",
  publishedAt: 0,
  etag: etagOf({ version, digest }),
});
const catalogue = (rulesets: CurrentRuleset[], keys = [key()]) => ({
  keys: new Map(keys.map((one) => [`hash of ${one.id}`, one])),
  rulesets: new Map(rulesets.map((one) => [catalogueName(one), one])),
});

function listening() {
  const heard: string[] = [];
  const live: LiveCatalogue = new LiveCatalogue({
    onKeys: () => heard.push(`keys ${live.catalogue().keys.size}`),
    onRuleset: ({ environmentId, version }) =>
      heard.push(`${environmentId} ${version} ${live.current(environmentId, "client")?.version}`),
  });
  return { live, heard };
}

describe("what is held in memory", () => {
  it("tells of what is new, keys first, when it can be read", () => {
    const { live, heard } = listening();
    expect(live.replace(catalogue([ruleset("a", 1), ruleset("b", 1)]))).toBe(3);
    expect(heard).toEqual(["keys 1", "a 1 1", "b 1 1"]);
    expect(live.replace(catalogue([ruleset("a", 2), ruleset("b", 1)]))).toBe(1);
    expect(heard.slice(3)).toEqual(["a 2 2"]);
  });

  it("keeps what is the same as the same object, so that nothing made of it is made again", () => {
    const { live } = listening();
    live.replace(catalogue([ruleset("a", 1)]));
    const { keys } = live.catalogue();
    const held = live.current("a", "client");
    expect(live.replace(catalogue([ruleset("a", 1)]))).toBe(0);
    expect(live.current("a", "client")).toBe(held);
    expect(live.catalogue().keys).toBe(keys);
  });

  it.each<[string, CurrentRuleset]>([
    ["an older version, as after a restored backup", ruleset("a", 1)],
    ["the same version with other content", ruleset("a", 2, "other")],
  ])("follows to %s", (_, next) => {
    const { live } = listening();
    live.replace(catalogue([ruleset("a", 2)]));
    live.replace(catalogue([next]));
    expect(live.current("a", "client")).toBe(next);
  });

  it.each<[string, KeyInfo[]]>([
    ["revoked", []],
    ["joined by another", [key(), key({ id: "l" })]],
    ["given other origins", [key({ origins: [] })]],
    ["renamed with its environment", [key({ environmentKey: "test" })]],
  ])("tells of a key that is %s", (_, keys) => {
    const { live, heard } = listening();
    live.replace(catalogue([]));
    live.replace(catalogue([], keys));
    expect(heard).toEqual(["keys 1", `keys ${keys.length}`]);
    expect([...live.catalogue().keys.values()]).toEqual(keys);
  });

  it("forgets what is gone", () => {
    const { live } = listening();
    live.replace(catalogue([ruleset("a", 1)]));
    live.replace(catalogue([]));
    expect(live.current("a", "client")).toBeUndefined();
  });
});
