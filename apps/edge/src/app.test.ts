import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { CLIENT_KEY, createWorld, exposure, NOW, ruleset, SERVER_KEY } from "./fake-world.ts";
import { payloadOf } from "./rulesets/payload.ts";

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

  it("reads the key of either header, whatever the other one is", async () => {
    const ask = async (headers: Record<string, string>) =>
      (await createWorld().call("/v1/ruleset", { headers })).status;
    expect(await ask({ authorization: "Basic dXNlcjpwYXNz", "x-api-key": SERVER_KEY })).toBe(200);
    expect(await ask({ authorization: `Bearer ${SERVER_KEY}`, "x-api-key": "wrong" })).toBe(200);
    for (const authorization of ["Bearer wrong", "Bearer", "Bearer a, Bearer b"])
      expect([authorization, await ask({ authorization, "x-api-key": SERVER_KEY })]).toEqual([authorization, 401]);
  });

  it("names steps that exist: a page makes keys, none changes their origins", async () => {
    const world = createWorld();
    const detailOf = async (key: string, headers: Record<string, string> = {}) =>
      ((await (await world.call("/v1/ruleset", { key, headers })).json()) as { detail: string }).detail;
    expect(await detailOf("wrong")).toBe(
      "This SDK key is unknown or was revoked. Make a new one on the dashboard's page “SDK keys”: it can be copied there when it is made, once. “npm start” prints those of its demo.",
    );
    expect(await detailOf(CLIENT_KEY, { origin: "https://evil.example" })).toBe(
      "This client key may not be used from https://evil.example. A key's origins are chosen when it is created: create one for this origin too (key.create).",
    );
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
    expect(answer.headers.get("access-control-expose-headers")).toBe("etag,retry-after,x-request-id");
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

  it("compresses a version once, whoever asks", async () => {
    const world = createWorld();
    const held = world.rulesets.get("env-1/server");
    if (!held) throw new Error("no ruleset");
    const [one, two] = await Promise.all([payloadOf(held).body("br"), payloadOf(held).body("br")]);
    expect(one).toBe(two);
    expect(payloadOf(ruleset(7)).body("br")).not.toBe(payloadOf(held).body("br"));
  });

  it("tags compressed bodies weakly: the same ruleset, other bytes", async () => {
    const headers = { "accept-encoding": "br", "if-none-match": 'W/"d7-6"' };
    const answer = await createWorld().call("/v1/ruleset", { key: SERVER_KEY, headers });
    expect([answer.status, answer.headers.get("etag")]).toEqual([200, 'W/"d7-7"']);
  });

  it("lets no shared cache keep it, unless a CDN was allowed to for client keys", async () => {
    const cacheControl = async (world: ReturnType<typeof createWorld>, key: string) => {
      world.rulesets.set("env-1/client", { ...ruleset(7), audience: "client" });
      const { headers } = await world.call("/v1/ruleset", { key });
      expect(headers.get("vary")).toBe("Authorization, X-API-Key, Accept-Encoding, Origin");
      return headers.get("cache-control");
    };
    const plain = createWorld();
    expect(await cacheControl(plain, SERVER_KEY)).toBe("private, no-cache");
    expect(await cacheControl(plain, CLIENT_KEY)).toBe("private, no-cache");
    const allowed = createWorld({}, { sharedMaxAgeS: 30 });
    expect(await cacheControl(allowed, SERVER_KEY)).toBe("private, no-cache");
    expect(await cacheControl(allowed, CLIENT_KEY)).toBe("public, max-age=0, s-maxage=30, stale-if-error=86400");
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
    expect(await (await world.call("/version")).json()).toMatchObject({ name: "telltale-edge", version: "test" });
    expect(await (await world.call("/readyz")).json()).toMatchObject({ ready: true });
  });

  it("is ready while the databases are away, shows it, and asks the store once a second", async () => {
    const world = createWorld();
    world.state.storeUp = false;
    world.state.healthy = false;
    const first = await world.call("/readyz");
    expect([first.status, await first.json()]).toEqual([
      200,
      { ready: true, checks: { rulesets: "last-known", events: "unknown", running: true } },
    ]);
    const second = await world.call("/readyz");
    expect(await second.json()).toMatchObject({ ready: true, checks: { events: "away" } });
    expect(world.state.pings).toBe(1);
  });

  it("waits for no store to say whether it is ready, and calls one that is silent away", async () => {
    let now = NOW;
    let answer: (is: boolean) => void = () => undefined;
    const ping = () =>
      new Promise<boolean>((resolve) => {
        answer = resolve;
      });
    const world = createWorld({}, { store: { insert: async () => {}, ping }, now: () => now });
    const events = async () =>
      ((await (await world.call("/readyz")).json()) as { checks: { events: string } }).checks.events;
    expect(await events()).toBe("unknown");
    now += 1_000;
    expect(await events()).toBe("away");
    answer(true);
    await expect.poll(events).toBe("answers");
  });

  it("serves while it is leaving, not ready and closing connections, and nothing when it has stopped", async () => {
    const world = createWorld();
    expect((await world.call("/v1/ruleset", { key: SERVER_KEY })).headers.get("connection")).toBeNull();
    world.edge.leave();
    const answers = [
      await world.call("/readyz"),
      await world.call("/v1/ruleset", { key: SERVER_KEY }),
      await world.post({ events: [exposure()] }),
      await world.call("/v1/stream", { key: SERVER_KEY }),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([503, 200, 200, 200]);
    for (const answer of answers) expect(answer.headers.get("connection")).toBe("close");
    await world.edge.stop();
    const stopped = await world.call("/v1/ruleset", { key: SERVER_KEY });
    expect([stopped.status, stopped.headers.get("retry-after")]).toEqual([503, "1"]);
    expect((await world.call("/livez")).status).toBe(200);
  });

  it("shows versions, ages, latencies and how long a change took", async () => {
    const world = createWorld();
    await world.call("/v1/ruleset", { key: SERVER_KEY });
    world.publish(ruleset(8));
    const text = await (await world.call("/metrics")).text();
    const labels = '{environment="harbour/production",audience="server"}';
    expect(text).toContain(`telltale_edge_ruleset_version${labels} 8\n`);
    expect(text).toContain(`telltale_edge_ruleset_age_seconds${labels} 2\n`);
    expect(text).toContain("telltale_edge_unverified_seconds 1\n");
    expect(text).toContain('telltale_edge_propagation_seconds_bucket{le="1"} 0\n');
    expect(text).toContain('telltale_edge_propagation_seconds_bucket{le="2.5"} 1\n');
    expect(text).toContain("telltale_edge_propagation_seconds_sum 2\n");
    expect(text).toContain('telltale_edge_http_request_seconds_bucket{route="/v1/ruleset",le="+Inf"} 1\n');
    expect(text).toContain('telltale_edge_http_request_seconds_count{route="/v1/ruleset"} 1\n');
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

  it("shows metrics only to who shows the token, where there is one", async () => {
    const metricsToken = "metrics-token-".padEnd(32, "x");
    const world = createWorld({}, { metricsToken });
    for (const key of [undefined, SERVER_KEY, `${metricsToken}x`])
      expect((await world.call("/metrics", key === undefined ? {} : { key })).status).toBe(401);
    expect(await (await world.call("/metrics", { key: metricsToken })).text()).toContain("telltale_edge_streams 0\n");
  });

  it("answers problem+json to what it does not know", async () => {
    const world = createWorld();
    expect(await (await world.call("/etc/passwd")).json()).toMatchObject({ status: 404 });
    const wrong = await world.call("/v1/events", { key: SERVER_KEY });
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "POST, OPTIONS"]);
  });
});

describe("every answer", () => {
  it("has a request id, the caller's where it is one, and is logged by it without what the caller sent", async () => {
    const world = createWorld();
    const mine = await world.call("/v1/ruleset?user=lovelace", {
      key: SERVER_KEY,
      headers: { "x-request-id": "abc-1" },
    });
    expect(mine.headers.get("x-request-id")).toBe("abc-1");
    for (const id of ["x".repeat(65), "a b", "a;b"]) {
      const answer = await world.call("/nowhere/lovelace", { headers: { "x-request-id": id } });
      expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    }
    const line = world.answered.find((text) => text.includes("abc-1"));
    expect(line).toMatch(
      /^answered \{"requestId":"abc-1","method":"GET","route":"\/v1\/ruleset","status":200,"seconds":/,
    );
    expect([...world.logged, ...world.answered].join()).not.toMatch(/lovelace|tts_server/);
  });

  it.each(["/v1/ruleset", "/livez", "/nowhere", "/v1/events"])("tells browsers to take %s for data", async (path) => {
    const { headers } = await createWorld().call(path, { key: SERVER_KEY });
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  it("shows no trace of what went wrong", async () => {
    const world = createWorld();
    world.rulesets.get = () => {
      throw new Error("secret detail");
    };
    const answer = await world.call("/v1/ruleset", { key: SERVER_KEY });
    const text = await answer.text();
    expect([answer.status, JSON.parse(text).type]).toEqual([500, "urn:telltale:problem:internal"]);
    expect(text).not.toMatch(/secret|\.ts|at /);
  });
});
