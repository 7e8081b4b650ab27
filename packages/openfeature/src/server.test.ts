import { ErrorCode, OpenFeature, ProviderEvents, ProviderStatus } from "@openfeature/server-sdk";
import { rulesetOf } from "@telltale/testing/ruleset";
import { afterEach, describe, expect, it } from "vitest";
import { fakeEdge, flags } from "./fakes.ts";
import { TelltaleServerProvider } from "./server.ts";

afterEach(() => OpenFeature.close());

async function start(options = {}) {
  const edge = fakeEdge();
  await OpenFeature.setProviderAndWait(
    new TelltaleServerProvider({ ...edge.options, bootstrap: rulesetOf(4, flags), ...options }),
  );
  return { edge, client: OpenFeature.getClient() };
}

describe("through OpenFeature's server SDK", () => {
  it("resolves every type with variant, reason and metadata", async () => {
    const { client } = await start();
    expect(client.metadata.providerMetadata.name).toBe("telltale");
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    const context = { targetingKey: "u-1", country: "DE" };
    expect(await client.getBooleanDetails("banner", false, context)).toMatchObject({
      value: true,
      variant: "yes",
      reason: "TARGETING_MATCH",
      flagMetadata: { version: 4, rule: "r1" },
    });
    expect(await client.getBooleanDetails("banner", true, { country: "FR" })).toMatchObject({
      value: false,
      variant: "no",
      reason: "DEFAULT",
    });
    expect(await client.getStringDetails("colour", "")).toMatchObject({ value: "#007", reason: "STATIC" });
    expect(await client.getNumberDetails("limit", 0)).toMatchObject({ value: 3, variant: "low", reason: "DISABLED" });
    expect(await client.getObjectDetails("layout", {})).toMatchObject({ value: { columns: 3 }, variant: "wide" });
    expect(await client.getBooleanDetails("lab", false, context)).toMatchObject({ value: true, reason: "SPLIT" });
  });

  it("answers the default with OpenFeature's error codes", async () => {
    const { client } = await start();
    expect(await client.getBooleanDetails("gone", true)).toMatchObject({
      value: true,
      reason: "ERROR",
      errorCode: ErrorCode.FLAG_NOT_FOUND,
      errorMessage: expect.stringContaining('"gone"'),
    });
    expect(await client.getStringDetails("banner", "x")).toMatchObject({
      value: "x",
      errorCode: ErrorCode.TYPE_MISMATCH,
    });
    expect(await client.getBooleanDetails("lab", false, {})).toMatchObject({
      value: false,
      errorCode: ErrorCode.TARGETING_KEY_MISSING,
    });
  });

  it("takes dates in the context", async () => {
    const { client } = await start();
    expect(await client.getBooleanValue("since", false, { signedUp: new Date("2025-06-01") })).toBe(true);
    expect(await client.getBooleanValue("since", true, { signedUp: new Date("2026-06-01") })).toBe(false);
    expect(await client.getBooleanValue("since", true, { signedUp: new Date(Number.NaN) })).toBe(false);
  });

  it("tells which flags changed", async () => {
    const { edge, client } = await start();
    const changed = new Promise((resolve) => client.addHandler(ProviderEvents.ConfigurationChanged, resolve));
    edge.push(5, { ...flags, colour: { ...flags.colour, serve: "red" } } as typeof flags);
    expect(await changed).toMatchObject({ flagsChanged: ["colour"] });
    expect(await client.getStringValue("colour", "")).toBe("#f00");
  });

  it("is not ready without a ruleset, and ready when one comes later", async () => {
    const edge = fakeEdge();
    const provider = new TelltaleServerProvider(edge.options, { timeoutMs: 10 });
    const started = expect(OpenFeature.setProviderAndWait(provider)).rejects.toThrow(/no ruleset came within 10 ms/);
    await edge.advance(10);
    await started;
    const client = OpenFeature.getClient();
    expect(client.providerStatus).toBe(ProviderStatus.ERROR);
    expect(await client.getBooleanDetails("banner", true)).toMatchObject({ value: true, reason: "ERROR" });
    const ready = new Promise((resolve) => client.addHandler(ProviderEvents.Ready, resolve));
    edge.push(1, flags);
    await ready;
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    expect(await client.getStringValue("colour", "")).toBe("#007");
  });

  it("tracks in the context's name, and closing sends it", async () => {
    const { edge, client } = await start();
    client.track("purchase", { targetingKey: "u-1" }, { value: 42.5, currency: "EUR" });
    client.track("visit", { targetingKey: "u-1" });
    await OpenFeature.close();
    expect(edge.sent.filter(({ type }) => type === "track")).toMatchObject([
      { name: "purchase", value: 42.5, properties: { currency: "EUR" }, units: { targetingKey: "u-1" } },
      { name: "visit" },
    ]);
  });

  it("runs hooks around evaluations", async () => {
    const { client } = await start();
    const seen: string[] = [];
    client.addHooks({
      before: () => void seen.push("before"),
      after: (_context, details) => void seen.push(String(details.value)),
    });
    await client.getBooleanValue("banner", false, { country: "DE" });
    expect(seen).toEqual(["before", "true"]);
  });
});
