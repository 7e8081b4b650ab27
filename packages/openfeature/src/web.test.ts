// @vitest-environment jsdom
import { ErrorCode, OpenFeature, ProviderEvents, ProviderStatus } from "@openfeature/web-sdk";
import { rulesetOf } from "@telltale/testing/ruleset";
import { afterEach, describe, expect, it } from "vitest";
import { fakeEdge, flags } from "./fakes.ts";
import { TelltaleWebProvider } from "./web.ts";

afterEach(async () => {
  await OpenFeature.close();
  await OpenFeature.clearContexts();
});

async function start(context = {}) {
  const edge = fakeEdge();
  await OpenFeature.setContext(context);
  await OpenFeature.setProviderAndWait(new TelltaleWebProvider({ ...edge.options, bootstrap: rulesetOf(4, flags) }));
  return { edge, client: OpenFeature.getClient() };
}

describe("through OpenFeature's web SDK", () => {
  it("decides for the context it was started with", async () => {
    const { client } = await start({ targetingKey: "u-1", country: "DE" });
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    expect(client.getBooleanDetails("banner", false)).toMatchObject({
      value: true,
      variant: "yes",
      reason: "TARGETING_MATCH",
      flagMetadata: { version: 4, rule: "r1" },
    });
    expect(client.getStringValue("colour", "")).toBe("#007");
    expect(client.getNumberValue("limit", 0)).toBe(3);
    expect(client.getObjectValue("layout", {})).toEqual({ columns: 3 });
    expect(client.getBooleanDetails("gone", true)).toMatchObject({ errorCode: ErrorCode.FLAG_NOT_FOUND });
    expect(client.getNumberDetails("banner", 1)).toMatchObject({ value: 1, errorCode: ErrorCode.TYPE_MISMATCH });
  });

  it("follows the context, also where only another attribute changes", async () => {
    const { client } = await start({ targetingKey: "u-1", country: "FR" });
    expect(client.getBooleanValue("banner", true)).toBe(false);
    const changed = new Promise((resolve) => client.addHandler(ProviderEvents.ContextChanged, resolve));
    await OpenFeature.setContext({ targetingKey: "u-1", country: "DE" });
    await changed;
    expect(client.getBooleanValue("banner", false)).toBe(true);
  });

  it("keeps the contexts of domains apart", async () => {
    const edge = fakeEdge();
    const bootstrap = rulesetOf(4, flags);
    await OpenFeature.setContext("german", { country: "DE" });
    await OpenFeature.setContext("french", { country: "FR" });
    for (const domain of ["german", "french"]) {
      await OpenFeature.setProviderAndWait(domain, new TelltaleWebProvider({ ...edge.options, bootstrap }));
    }
    expect(OpenFeature.getClient("german").getBooleanValue("banner", false)).toBe(true);
    expect(OpenFeature.getClient("french").getBooleanValue("banner", true)).toBe(false);
  });

  it("tells which flags changed, and tracks", async () => {
    const { edge, client } = await start({ targetingKey: "u-1" });
    const changed = new Promise((resolve) => client.addHandler(ProviderEvents.ConfigurationChanged, resolve));
    edge.push(5, { ...flags, colour: { ...flags.colour, serve: "red" } } as typeof flags);
    expect(await changed).toMatchObject({ flagsChanged: ["colour"] });
    expect(client.getStringValue("colour", "")).toBe("#f00");
    client.track("purchase", { value: 3 });
    await OpenFeature.close();
    expect(edge.sent).toContainEqual(expect.objectContaining({ type: "track", name: "purchase", value: 3 }));
  });

  it("is not ready without a ruleset, and ready when one comes later", async () => {
    const edge = fakeEdge();
    const provider = new TelltaleWebProvider(edge.options, { timeoutMs: 10 });
    const started = expect(OpenFeature.setProviderAndWait(provider)).rejects.toThrow(/no ruleset came/);
    await edge.advance(10);
    await started;
    const client = OpenFeature.getClient();
    const ready = new Promise((resolve) => client.addHandler(ProviderEvents.Ready, resolve));
    edge.push(1, flags);
    await ready;
    expect(client.getStringValue("colour", "")).toBe("#007");
  });
});
