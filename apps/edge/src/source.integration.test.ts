import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDatabase, startTestPostgres, type TestPostgres } from "@telltale/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addKey, followStream, publish, revokeKey, seed, startEdge } from "./real-world.ts";

const KEY = "tts_source";
/** Events are not these tests' matter: nothing listens there. */
const CLICKHOUSE_URL = "http://127.0.0.1:9/nothing";

let server: TestPostgres;
let settings: { DATABASE_URL: string; CLICKHOUSE_URL: string; SNAPSHOT_DIR: string };
let file: string;
let version = 0;

/** A session that does not outlive its work, as PostgreSQL is stopped now and then. */
async function change<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(settings.DATABASE_URL);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const publishNext = () => change((client) => publish(client, ++version));

beforeAll(async () => {
  server = await startTestPostgres();
  const folder = await mkdtemp(join(tmpdir(), "telltale-edge-"));
  const { url } = await createDatabase(server.postgresUrl);
  settings = { DATABASE_URL: url, CLICKHOUSE_URL, SNAPSHOT_DIR: join(folder, "edge") };
  file = join(settings.SNAPSHOT_DIR, "rulesets.snapshot");
  await change(async (client) => {
    await seed(client);
    await addKey(client, KEY);
  });
  await publishNext();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(join(settings.SNAPSHOT_DIR, ".."), { recursive: true });
});

const readinessOf = async (edge: { call(path: string): Promise<Response> }) => {
  const answer = await edge.call("/readyz");
  return { status: answer.status, ...((await answer.json()) as object) };
};
const kept = async () => readFile(file, "utf8").catch(() => "");

describe("a key that is revoked", () => {
  it("is refused at once, and its open streams end; others stay", async () => {
    await using edge = await startEdge(settings);
    await change((client) => addKey(client, "tts_doomed"));
    await expect.poll(async () => (await edge.call("/v1/ruleset", "tts_doomed")).status).toBe(200);
    const doomed = await followStream(edge, "tts_doomed");
    const other = await followStream(edge, KEY);
    await expect.poll(() => doomed.text).toContain("event: ruleset");
    await change((client) => revokeKey(client, "tts_doomed"));
    await expect.poll(() => doomed.isOver).toBe(true);
    expect((await edge.call("/v1/ruleset", "tts_doomed")).status).toBe(401);
    await publishNext();
    await expect.poll(() => other.text).toContain(`id: ${version}\n`);
    expect(doomed.text).not.toContain(`id: ${version}\n`);
  });
});

describe("with PostgreSQL dead", () => {
  it("starts from the snapshot, serves and streams it, is ready, and follows when PostgreSQL is back", async () => {
    const document = await publishNext();
    {
      await using edge = await startEdge(settings);
      // What nobody asks for is not held, and is in no snapshot.
      expect((await edge.call("/v1/ruleset", KEY)).status).toBe(200);
      await expect.poll(kept).toContain(`"version":${version},`);
      expect(await readinessOf(edge)).toMatchObject({ status: 200, checks: { rulesets: "current" } });
    }
    expect(await kept()).not.toContain(KEY);
    await server.stop();
    await using edge = await startEdge(settings);
    expect(await (await edge.call("/v1/ruleset", KEY)).text()).toBe(document);
    expect(await readinessOf(edge)).toMatchObject({ status: 200, ready: true, checks: { rulesets: "last-known" } });
    expect((await edge.call("/v1/ruleset", "tts_unknown")).status).toBe(503);
    const stream = await followStream(edge, KEY);
    await expect.poll(() => stream.text).toContain(document);
    expect(edge.output()).toContain("the control plane's database is away, serving the last rulesets");
    await server.start();
    const next = await publishNext();
    await expect.poll(() => stream.text, { timeout: 20_000 }).toContain(next);
    expect((await edge.call("/v1/ruleset", "tts_unknown")).status).toBe(401);
    expect(await readinessOf(edge)).toMatchObject({ checks: { rulesets: "current" } });
    await expect.poll(kept).toContain(`"version":${version},`);
  });

  it("does not start from a snapshot that is damaged, or from none, and says why", async () => {
    await server.stop();
    try {
      const good = await readFile(file);
      const middle = good.byteLength >> 1;
      await writeFile(file, Buffer.from(good).fill("x", middle, middle + 3));
      const corrupt = await startEdge(settings);
      expect(await corrupt.ended).toEqual({
        code: 1,
        errors: expect.stringMatching(
          /^The edge cannot start: the database .* \(.*ECONNREFUSED.*\), and the snapshot in .* is refused: its checksum is wrong\. .*\n$/,
        ),
      });
      expect(corrupt.output()).toContain("is refused and will be replaced");
      await writeFile(file, good);
      await truncate(file, middle);
      expect((await (await startEdge(settings)).ended).errors).toMatch(/is refused: it has \d+ bytes instead of \d+\./);
      await rm(file);
      expect((await (await startEdge(settings)).ended).errors).toContain("and there is no snapshot in");
    } finally {
      await server.start();
    }
  });
});

it("replaces a damaged snapshot while PostgreSQL answers", async () => {
  await writeFile(file, "nonsense");
  await using edge = await startEdge(settings);
  await expect.poll(kept).toContain("telltale-snapshot 1 ");
  expect((await edge.call("/v1/ruleset", KEY)).status).toBe(200);
});

it("goes on serving after a signal to stop, and stops at a second without waiting", async () => {
  await using edge = await startEdge({ ...settings, DRAIN_MS: "3600000" });
  const stream = await followStream(edge, KEY);
  edge.child.kill("SIGTERM");
  await expect.poll(async () => (await edge.call("/readyz")).status).toBe(503);
  expect((await edge.call("/v1/ruleset", KEY)).headers.get("connection")).toBe("close");
  expect(stream.isOver).toBe(false);
  edge.child.kill("SIGTERM");
  expect(await edge.ended).toEqual({ code: 0, errors: "" });
  await expect.poll(() => stream.isOver).toBe(true);
});
