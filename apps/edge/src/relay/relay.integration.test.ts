import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDatabase, createEventStore } from "@telltale/testing";
import { borrowDatabases } from "@telltale/testing/borrowed";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addKey,
  type EdgeProcess,
  followStream,
  freePort,
  publish,
  revokeKey,
  seed,
  startEdge,
} from "../real-world.ts";

const KEY = "tts_relay";
const TOKENS = { root: "root-token-".padEnd(32, "x"), middle: "middle-token-".padEnd(32, "x") };
const scope = { environmentId: "env" };

let database: Awaited<ReturnType<typeof createDatabase>>;
let client: pg.Client;
let events: Awaited<ReturnType<typeof createEventStore>>;
let rootSettings: Record<string, string>;
/** PostgreSQL ← root ← middle ← leaf; only the root has databases. */
let root: EdgeProcess;
let middle: EdgeProcess;
let leaf: EdgeProcess;
let version = 0;

const startRoot = () => startEdge(rootSettings);
const follow = (upstream: EdgeProcess, token: string, more: Record<string, string> = {}) =>
  startEdge({ TELLTALE_UPSTREAM: upstream.url, TELLTALE_UPSTREAM_TOKEN: token, ...more });

beforeAll(async () => {
  const { postgresUrl, clickhouseUrl } = borrowDatabases();
  database = await createDatabase(postgresUrl);
  events = await createEventStore(clickhouseUrl);
  client = new pg.Client(database.url);
  await client.connect();
  await seed(client);
  await addKey(client, KEY);
  await publish(client, ++version);
  rootSettings = {
    DATABASE_URL: database.url,
    CLICKHOUSE_URL: events.url,
    PORT: String(await freePort()),
    // Two, as while one replaces the other.
    TELLTALE_RELAY_TOKENS: `${"old-token-".padEnd(32, "x")},${TOKENS.root}`,
  };
  root = await startRoot();
  middle = await follow(root, TOKENS.root, { TELLTALE_RELAY_TOKENS: TOKENS.middle });
  leaf = await follow(middle, TOKENS.middle);
});

afterAll(async () => {
  for (const edge of [leaf, middle, root]) await edge?.[Symbol.asyncDispose]();
  await client?.end();
  await events?.store.close();
  await database?.[Symbol.asyncDispose]();
});

const purchase = () => ({
  type: "track",
  id: randomUUID(),
  time: new Date().toISOString(),
  name: "purchase",
  units: { targetingKey: "u-42" },
});
const send = (edge: EdgeProcess, key = KEY) =>
  edge.call("/v1/events", key, {
    method: "POST",
    body: JSON.stringify({ events: [purchase()] }),
    headers: { "content-type": "application/json" },
  });
const checksOf = async (edge: EdgeProcess) =>
  ((await (await edge.call("/readyz")).json()) as { checks: { rulesets: string } }).checks.rulesets;

describe("a tree of edges", () => {
  it("gives the same at its leaf as at its root, and every change", async () => {
    const [here, there] = await Promise.all([leaf.call("/v1/ruleset", KEY), root.call("/v1/ruleset", KEY)]);
    expect([here.status, here.headers.get("etag")]).toEqual([200, there.headers.get("etag")]);
    expect(await here.text()).toBe(await there.text());
    const stream = await followStream(leaf, KEY);
    const next = await publish(client, ++version);
    await expect.poll(() => stream.text).toContain(`id: ${version}\ndata: ${next}\n\n`);
    expect(await (await leaf.call("/metrics")).text()).toContain("telltale_edge_propagation_seconds_count 1\n");
    expect(await (await root.call("/metrics")).text()).toContain("telltale_edge_relays 1\n");
    expect(await checksOf(leaf)).toBe("current");
  });

  it("learns new keys and revocations down to its leaf, open streams included", async () => {
    await addKey(client, "tts_doomed");
    await expect.poll(async () => (await leaf.call("/v1/ruleset", "tts_doomed")).status).toBe(200);
    const stream = await followStream(leaf, "tts_doomed");
    await revokeKey(client, "tts_doomed");
    await expect.poll(() => stream.isOver).toBe(true);
    expect((await leaf.call("/v1/ruleset", "tts_doomed")).status).toBe(401);
    expect((await send(leaf, "tts_doomed")).status).toBe(401);
  });

  it("takes events at its leaf, and says that they are stored when they are", async () => {
    const before = (await events.store.countEvents(scope)).tracks;
    const answer = await send(leaf);
    expect([answer.status, await answer.json()]).toEqual([200, { accepted: 1, refused: [] }]);
    expect((await events.store.countEvents(scope)).tracks).toBe(before + 1);
    const refused = await leaf.call("/v1/events", KEY, { method: "POST", body: "nonsense" });
    expect([refused.status, refused.headers.get("content-type")]).toEqual([400, "application/problem+json"]);
    const tooLarge = await leaf.call("/v1/events", KEY, { method: "POST", body: "x".repeat(1_048_577) });
    expect(tooLarge.status).toBe(413);
  });

  it("feeds only who shows a token of the edge that is asked", async () => {
    for (const token of [undefined, KEY, TOKENS.middle, ""]) {
      expect((await root.call("/relay/v1/feed", token)).status).toBe(401);
    }
    expect((await leaf.call("/relay/v1/feed", TOKENS.middle)).status).toBe(401);
    const stranger = await follow(root, "wrong-token-".padEnd(32, "x"));
    expect(await stranger.ended).toMatchObject({
      code: 1,
      errors: expect.stringContaining("TELLTALE_UPSTREAM does not answer (it refused TELLTALE_UPSTREAM_TOKEN: use one"),
    });
  });

  it("goes on when its root dies, starts again without it, and catches up when it is back", async () => {
    const folder = await mkdtemp(join(tmpdir(), "telltale-leaf-"));
    try {
      const settings = { SNAPSHOT_DIR: folder, CLICKHOUSE_URL: events.url };
      const writer = await follow(root, TOKENS.root, settings);
      await expect
        .poll(() => readFile(join(folder, "rulesets.snapshot"), "utf8").catch(() => ""))
        .toContain(`"version":${version},`);
      await writer[Symbol.asyncDispose]();
      await root[Symbol.asyncDispose]();
      await using restarted = await follow(root, TOKENS.root, settings);
      for (const edge of [restarted, leaf]) {
        expect((await edge.call("/v1/ruleset", KEY)).status).toBe(200);
        await expect.poll(async () => (await edge.call("/v1/ruleset", "tts_unknown")).status).toBe(503);
        expect((await edge.call("/readyz")).status).toBe(200);
      }
      await expect.poll(() => checksOf(leaf)).toBe("last-known");
      // One that has a store of its own needs nobody for events; the others say that they could not.
      expect((await send(restarted)).status).toBe(200);
      const refused = await send(leaf);
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);
      const stream = await followStream(leaf, KEY);
      const next = await publish(client, ++version);
      root = await startRoot();
      await expect.poll(() => stream.text).toContain(next);
      await expect.poll(async () => (await restarted.call("/v1/ruleset", KEY)).text()).toBe(next);
      await expect.poll(() => checksOf(leaf)).toBe("current");
      expect((await leaf.call("/v1/ruleset", "tts_unknown")).status).toBe(401);
      expect((await send(leaf)).status).toBe(200);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
