import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { OpenFeature as ServerSdk } from "@openfeature/server-sdk";
import { OpenFeature as WebSdk } from "@openfeature/web-sdk";
import { rulesetOf, type TestFlag } from "@telltale/testing/ruleset";
import { OFREPApi } from "ofrep-core";
import { afterEach, describe, expect, it } from "vitest";
import { CLIENT_KEY, createWorld, ruleset, SERVER_KEY } from "../fake-world.ts";

const flag = (variants: TestFlag["variants"], more: Partial<TestFlag> = {}): TestFlag => {
  const [first = ""] = Object.keys(variants);
  return { variants, off: first, serve: first, ...more };
};
const germans = [{ id: "r1", when: [{ attribute: "country", op: "in" as const, values: ["DE"] }], serve: "yes" }];
const flags = {
  banner: flag({ no: false, yes: true }, { rules: germans, visibility: "client" }),
  colour: flag({ navy: "#007" }),
  limit: flag({ low: 3 }, { on: false, visibility: "edge", prerequisites: [{ flag: "colour", variants: ["navy"] }] }),
  layout: flag({ wide: { columns: 3 } }, { type: "json" }),
  lab: flag({ yes: true }, { serve: { seed: 1, ends: [2 ** 32], variants: ["yes"] } }),
  "größe/x y": flag({ big: "big" }),
  old: flag({ yes: true }, { archived: true }),
};
const environment = "harbour/production";
const server = rulesetOf(7, flags, { audience: "server", environment });
const client = rulesetOf(7, { banner: flags.banner }, { environment });

function createOfrep() {
  const world = createWorld();
  world.rulesets.set("env-1/server", ruleset(7, server));
  world.rulesets.set("env-1/client", ruleset(7, client));
  const ask = (path: string, body: unknown, headers: Record<string, string> = {}, key = SERVER_KEY) =>
    world.call(`/ofrep/v1/evaluate/flags${path}`, {
      method: "POST",
      key,
      headers: { "content-type": "application/json; charset=utf-8", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  return { ...world, ask };
}

describe("one flag", () => {
  it.each([
    [
      "banner",
      { country: "DE" },
      { value: true, variant: "yes", reason: "TARGETING_MATCH", metadata: { version: 7, rule: "r1" } },
    ],
    ["banner", {}, { value: false, variant: "no", reason: "DEFAULT", metadata: { version: 7 } }],
    ["limit", {}, { value: 3, variant: "low", reason: "DISABLED", metadata: { version: 7 } }],
    ["layout", {}, { value: { columns: 3 }, variant: "wide", reason: "STATIC", metadata: { version: 7 } }],
    ["größe/x y", {}, { value: "big", variant: "big", reason: "STATIC", metadata: { version: 7 } }],
  ])("%s for %j", async (key, context, expected) => {
    const answer = await createOfrep().ask(`/${encodeURIComponent(key)}`, { context });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ key, ...expected });
  });

  it.each([
    ["gone", { context: {} }, 404, "FLAG_NOT_FOUND"],
    ["old", { context: {} }, 404, "FLAG_NOT_FOUND"],
    ["lab", { context: {} }, 400, "TARGETING_KEY_MISSING"],
    ["banner", "{nonsense", 400, "PARSE_ERROR"],
    ["banner", "", 400, "PARSE_ERROR"],
    ["banner", { context: [] }, 400, "INVALID_CONTEXT"],
    ["banner", { context: "u-1" }, 400, "INVALID_CONTEXT"],
    ["banner", [1], 400, "INVALID_CONTEXT"],
    ["__proto__", { context: {} }, 404, "FLAG_NOT_FOUND"],
    ["banner", {}, 400, "INVALID_CONTEXT"],
    ["banner", { context: null }, 400, "INVALID_CONTEXT"],
    ["banner", { contxt: { country: "DE" } }, 400, "INVALID_CONTEXT"],
    ["banner", "null", 400, "INVALID_CONTEXT"],
  ])("%s with %j is refused: %d %s", async (key, body, status, errorCode) => {
    const answer = await createOfrep().ask(`/${key}`, body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ key, errorCode, errorDetails: expect.stringMatching(/.{10}/) });
  });

  it("needs a key, in either header, and a context of a sensible size", async () => {
    const { ask, call } = createOfrep();
    expect((await ask("/banner", {}, {}, "wrong")).status).toBe(401);
    const headers = { "x-api-key": SERVER_KEY };
    expect(
      (await call("/ofrep/v1/evaluate/flags/banner", { method: "POST", headers, body: '{"context":{}}' })).status,
    ).toBe(200);
    expect((await ask("/banner", { context: { long: "x".repeat(70_000) } })).status).toBe(413);
    for (const path of ["", "/banner", "/gr%C3%B6%C3%9Fe%2Fx%20y"]) {
      const got = await call(`/ofrep/v1/evaluate/flags${path}`, { key: SERVER_KEY });
      expect([path, got.status, got.headers.get("allow")]).toEqual([path, 405, "POST, OPTIONS"]);
    }
  });
});

describe("all flags", () => {
  it("answers each that is not archived, and errors among the others", async () => {
    const answer = await createOfrep().ask("", { context: {} });
    const { flags: all } = (await answer.json()) as { flags: { key: string; errorCode?: string }[] };
    expect(all.map(({ key }) => key).sort()).toEqual(["banner", "colour", "größe/x y", "lab", "layout", "limit"]);
    expect(all.find(({ key }) => key === "lab")).toMatchObject({ errorCode: "TARGETING_KEY_MISSING" });
  });

  it("lets a client key see the answers of flags visible to clients or evaluated at the edge, and no others", async () => {
    const { ask } = createOfrep();
    const { flags: all } = (await (await ask("", { context: {} }, {}, CLIENT_KEY)).json()) as { flags: unknown[] };
    expect(all).toMatchObject([
      { key: "banner", value: false },
      { key: "limit", value: 3, reason: "DISABLED" },
    ]);
    const hidden = await ask("/colour", { context: {} }, {}, CLIENT_KEY);
    const missing = await ask("/no-such", { context: {} }, {}, CLIENT_KEY);
    expect([hidden.status, missing.status]).toEqual([404, 404]);
    expect((await hidden.text()).replaceAll("colour", "no-such")).toBe(await missing.text());
  });

  it("has an entity tag of context and ruleset, in whatever order the context comes", async () => {
    const world = createOfrep();
    const tag = async (context: object) => (await world.ask("", { context })).headers.get("etag") ?? "";
    const german = await tag({ targetingKey: "u", country: "DE" });
    expect(await tag({ country: "DE", targetingKey: "u" })).toBe(german);
    expect(await tag({ targetingKey: "u", country: "FR" })).not.toBe(german);
    const again = await world.ask("", { context: { targetingKey: "u", country: "DE" } }, { "if-none-match": german });
    expect(again.status).toBe(304);
    world.rulesets.set("env-1/server", ruleset(8, rulesetOf(8, flags, { audience: "server", environment })));
    expect(await tag({ targetingKey: "u", country: "DE" })).not.toBe(german);
  });

  it("lets browsers read the tag", async () => {
    const answer = await createOfrep().ask("", { context: {} }, { origin: "https://shop.example" });
    expect(answer.headers.get("access-control-expose-headers")).toContain("etag");
  });
});

describe("the official clients", () => {
  let server: Server | undefined;
  afterEach(async () => {
    await WebSdk.close();
    await ServerSdk.close();
    server?.closeAllConnections();
    server?.close();
  });

  async function listen() {
    const world = createOfrep();
    const statuses: number[] = [];
    server = createServer(
      getRequestListener(async (request) => {
        const response = await world.edge.fetch(request);
        statuses.push(response.status);
        return response;
      }),
    );
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return { ...world, statuses, baseUrl: `http://127.0.0.1:${port}` };
  }
  const headers: [string, string][] = [["Authorization", `Bearer ${SERVER_KEY}`]];

  it("web: bulk evaluation, a context that changes in another attribute only, and polling", async () => {
    const world = await listen();
    await WebSdk.setContext({ targetingKey: "u-1", country: "FR" });
    const provider = new OFREPWebProvider({ baseUrl: world.baseUrl, headers, pollInterval: 0 });
    await WebSdk.setProviderAndWait(provider);
    const client = WebSdk.getClient();
    expect(client.getBooleanDetails("banner", true)).toMatchObject({ value: false, variant: "no", reason: "DEFAULT" });
    expect(client.getStringValue("größe/x y", "")).toBe("big");
    expect(client.getObjectValue("layout", {})).toEqual({ columns: 3 });
    expect(client.getNumberDetails("limit", 0)).toMatchObject({ value: 3, flagMetadata: { version: 7 } });
    await WebSdk.setContext({ targetingKey: "u-1", country: "DE" });
    expect(client.getBooleanDetails("banner", false)).toMatchObject({ value: true, reason: "TARGETING_MATCH" });
    expect(client.getBooleanDetails("gone", true)).toMatchObject({ value: true, errorCode: "FLAG_NOT_FOUND" });
    expect(client.getStringDetails("banner", "x")).toMatchObject({ value: "x", errorCode: "TYPE_MISMATCH" });
    await WebSdk.setContext({ targetingKey: "u-1", country: "DE" });
    expect(world.statuses).toContain(304);
  });

  it("server: single evaluation of every type, with codes and metadata", async () => {
    const { baseUrl } = await listen();
    await ServerSdk.setProviderAndWait(new OFREPProvider({ baseUrl, headers }));
    const client = ServerSdk.getClient();
    expect(await client.getBooleanDetails("banner", false, { country: "DE" })).toMatchObject({
      value: true,
      variant: "yes",
      reason: "TARGETING_MATCH",
      flagMetadata: { version: 7, rule: "r1" },
    });
    expect(await client.getStringValue("colour", "")).toBe("#007");
    expect(await client.getNumberValue("limit", 0)).toBe(3);
    expect(await client.getObjectValue("layout", {})).toEqual({ columns: 3 });
    expect(await client.getBooleanDetails("gone", true)).toMatchObject({ value: true, errorCode: "FLAG_NOT_FOUND" });
    expect(await client.getBooleanDetails("lab", false)).toMatchObject({ errorCode: "TARGETING_KEY_MISSING" });
    expect(await client.getNumberDetails("banner", 9)).toMatchObject({ value: 9, errorCode: "TYPE_MISMATCH" });
  });

  it("ofrep-core: the protocol's own reading of answers", async () => {
    const { baseUrl } = await listen();
    const api = new OFREPApi({ baseUrl, headers });
    expect(await api.postEvaluateFlag("größe/x y", { context: {} })).toMatchObject({
      httpStatus: 200,
      value: { key: "größe/x y", value: "big" },
    });
    expect(await api.postEvaluateFlag("gone", { context: {} })).toMatchObject({
      httpStatus: 404,
      value: { key: "gone", errorCode: "FLAG_NOT_FOUND" },
    });
    const bulk = await api.postBulkEvaluateFlags({ context: { targetingKey: "u" } });
    expect(bulk).toMatchObject({ httpStatus: 200, value: { flags: expect.any(Array) } });
  });
});
