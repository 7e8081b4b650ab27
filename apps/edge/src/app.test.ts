import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { CLIENT_KEY, createWorld, exposure, ruleset, SERVER_KEY } from "./fake-world.ts";

describe("keys", () => {
  it.each([
    ["no header", {}],
    ["another scheme", { authorization: "Basic abc" }],
    ["an unknown key", { authorization: "Bearer nope" }],
    ["an empty key", { authorization: "Bearer " }],
    ["an endless key", { authorization: `Bearer ${"k".repeat(5_000)}` }],
  ])("answers 401 to %s", async (_, headers) => {
    const answer = await createWorld().call("/v1/ruleset", { headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toMatchObject({ status: 401, title: "Unauthorized", detail: expect.any(String) });
  });

  it("does not call an unknown key unknown while keys cannot be read", async () => {
    const world = createWorld();
    world.state.healthy = false;
    expect((await world.call("/v1/ruleset", { key: "new-key" })).status).toBe(503);
    expect((await world.call("/v1/ruleset", { key: SERVER_KEY })).status).toBe(200);
  });

  it("takes client keys only from their origins", async () => {
    const world = createWorld();
    world.rulesets.set("env-1/client", ruleset(7));
    const from = (origin?: string) =>
      world.call("/v1/ruleset", { key: CLIENT_KEY, headers: origin === undefined ? {} : { origin } });
    expect((await from("https://shop.example")).status).toBe(200);
    expect((await from()).status).toBe(200);
    expect((await from("https://evil.example")).status).toBe(403);
    expect((await from("null")).status).toBe(403);
  });
});

describe("CORS", () => {
  it("answers a preflight without a key", async () => {
    const answer = await createWorld().call("/v1/events", {
      method: "OPTIONS",
      headers: { origin: "https://shop.example", "access-control-request-method": "POST" },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://shop.example");
    expect(answer.headers.get("access-control-allow-headers")).toBe(
      "authorization,x-api-key,content-type,last-event-id,if-none-match",
    );
  });

  it.each([
    ["/v1/ruleset", SERVER_KEY, 200],
    ["/v1/ruleset", "wrong", 401],
    ["/v1/nowhere", SERVER_KEY, 404],
  ])("lets browsers read %s with key %s (%d)", async (path, key, status) => {
    const answer = await createWorld().call(path, { key, headers: { origin: "https://shop.example" } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://shop.example");
    expect(answer.headers.get("access-control-expose-headers")).toBe("etag,retry-after");
  });
});

describe("GET /v1/ruleset", () => {
  it("serves the document byte for byte with its tag", async () => {
    const world = createWorld();
    const answer = await world.call("/v1/ruleset", { key: SERVER_KEY });
    expect(answer.headers.get("etag")).toBe('"d7-7"');
    expect(await answer.text()).toBe(world.rulesets.get("env-1/server")?.document);
  });

  it.each(['"d7-7"', 'W/"d7-7"', '"other", "d7-7"', "*"])("answers 304 to If-None-Match %s", async (tag) => {
    const answer = await createWorld().call("/v1/ruleset", { key: SERVER_KEY, headers: { "if-none-match": tag } });
    expect(answer.status).toBe(304);
    expect(answer.headers.get("etag")).toBe('"d7-7"');
    expect(await answer.text()).toBe("");
  });

  it("compresses as the client allows", async () => {
    const world = createWorld();
    const document = world.rulesets.get("env-1/server")?.document;
    const ask = async (encoding: string) => {
      const answer = await world.call("/v1/ruleset", { key: SERVER_KEY, headers: { "accept-encoding": encoding } });
      return [answer.headers.get("content-encoding"), Buffer.from(await answer.arrayBuffer())] as const;
    };
    const [br, brBody] = await ask("gzip, deflate, br");
    expect([br, brotliDecompressSync(brBody).toString()]).toEqual(["br", document]);
    const [gzip, gzipBody] = await ask("gzip, br;q=0");
    expect([gzip, gunzipSync(gzipBody).toString()]).toEqual(["gzip", document]);
    expect((await ask("identity"))[0]).toBeNull();
  });

  it("says when nothing was published", async () => {
    const world = createWorld();
    world.rulesets.clear();
    const answer = await world.call("/v1/ruleset", { key: SERVER_KEY });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([404, "5"]);
  });
});

describe("the pages for operators", () => {
  it("is live, ready and says its version", async () => {
    const world = createWorld();
    expect((await world.call("/livez")).status).toBe(200);
    expect(await (await world.call("/version")).json()).toEqual({ name: "telltale-edge", version: "test", schema: 2 });
    expect(await (await world.call("/readyz")).json()).toMatchObject({ ready: true });
  });

  it("is not ready without the store, the control plane or while stopping, and asks the store once a second", async () => {
    const world = createWorld();
    world.state.storeUp = false;
    const answers = await Promise.all([world.call("/readyz"), world.call("/readyz")]);
    expect(answers.map((answer) => answer.status)).toEqual([503, 503]);
    expect(world.state.pings).toBe(1);
    const other = createWorld();
    other.state.healthy = false;
    expect(await (await other.call("/readyz")).json()).toMatchObject({ checks: { rulesets: false, events: true } });
    const third = createWorld();
    await third.edge.stop();
    expect((await third.call("/readyz")).status).toBe(503);
    expect((await third.call("/v1/ruleset", { key: SERVER_KEY })).status).toBe(503);
  });

  it("counts in Prometheus' format", async () => {
    const world = createWorld();
    await world.post({ events: [exposure(), { type: "nonsense", id: "x" }] });
    await world.call("/elsewhere");
    const text = await (await world.call("/metrics")).text();
    expect(text).toContain('telltale_edge_events_total{result="accepted"} 1\n');
    expect(text).toContain('telltale_edge_events_total{result="refused"} 1\n');
    expect(text).toContain('telltale_edge_http_requests_total{route="other",status="404"} 1\n');
    expect(text).toContain("\ntelltale_edge_streams 0\n");
    for (const line of text.trim().split("\n")) {
      expect(line).toMatch(/^(# (HELP|TYPE) .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+)$/);
    }
  });

  it("answers problem+json to what it does not know", async () => {
    const world = createWorld();
    expect(await (await world.call("/etc/passwd")).json()).toMatchObject({ status: 404 });
    const wrong = await world.call("/v1/events", { key: SERVER_KEY });
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "POST, OPTIONS"]);
  });
});
