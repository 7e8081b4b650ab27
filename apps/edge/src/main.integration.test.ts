import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { createDatabase, createEventStore, startTestDatabases, type TestDatabases } from "@telltale/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));
const KEY = "tts_integration";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

/** The edge as its own process; `ended` has its exit code and what it said on standard error. */
async function startEdge(env: Record<string, string>) {
  const child = spawn(process.execPath, ["--import", "tsx", "src/main.ts"], { cwd: folder, env: { PATH: "", ...env } });
  let errors = "";
  child.stderr?.on("data", (chunk) => (errors += chunk));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, errors }));
  let output = "";
  await new Promise<void>((resolve) => {
    child.stdout?.on("data", (chunk) => {
      output += chunk;
      if (output.includes("edge is listening")) resolve();
    });
    void ended.then(() => resolve());
  });
  return { child, ended, output: () => output };
}

async function publish(client: pg.Client, version: number): Promise<string> {
  const document = JSON.stringify({ schema: 2, version, text: "Grüße" });
  await client.query("begin");
  await client.query(`update environment set "rulesetVersion" = $1 where id = 'env'`, [version]);
  await client.query(
    `insert into ruleset ("environmentId", audience, version, digest, document)
     values ('env', 'server', $1, $2, $3)`,
    [version, "d".repeat(64), document],
  );
  await client.query(`select pg_notify('telltale', $1)`, [JSON.stringify({ environmentId: "env", version })]);
  await client.query("commit");
  return document;
}

async function seed(client: pg.Client): Promise<void> {
  await client.query(`insert into organisation (id, key, name) values ('org', 'demo', 'Demo')`);
  await client.query(`insert into project (id, "organisationId", key, name) values ('pro', 'org', 'harbour', 'H')`);
  await client.query(
    `insert into environment (id, "projectId", key, name, position) values ('env', 'pro', 'production', 'P', 0)`,
  );
  await client.query(
    `insert into sdk_key (id, "environmentId", name, audience, hash, hint, origins)
     values ('key', 'env', 'k', 'server', $1, 'tts', '{}')`,
    [createHash("sha256").update(KEY).digest("hex")],
  );
}

const purchase = () => ({
  type: "track",
  id: randomUUID(),
  time: new Date().toISOString(),
  name: "purchase",
  units: { targetingKey: "u-42" },
});

describe("the edge as a process", () => {
  const children: ChildProcess[] = [];
  let databases: TestDatabases;
  let client: pg.Client;
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let events: Awaited<ReturnType<typeof createEventStore>>;
  const scope = { project: "harbour", environment: "production" };

  beforeAll(async () => {
    databases = await startTestDatabases();
    database = await createDatabase(databases.postgresUrl);
    events = await createEventStore(databases.clickhouseUrl);
    client = new pg.Client(database.url);
    await client.connect();
    await seed(client);
  });
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await client?.end();
    await events?.store.close();
    await databases?.[Symbol.asyncDispose]();
  });

  const start = async (port: number) => {
    const env = { DATABASE_URL: database.url, CLICKHOUSE_URL: events.url, PORT: String(port) };
    const edge = await startEdge(env);
    children.push(edge.child);
    if (edge.child.exitCode !== null) throw new Error((await edge.ended).errors);
    const call = (path: string, init: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${KEY}`, ...init.headers },
      });
    const send = (list: object[]) => call("/v1/events", { method: "POST", body: JSON.stringify({ events: list }) });
    return { ...edge, call, send };
  };

  it("serves, streams and stores, and stops cleanly", async () => {
    const first = await publish(client, 1);
    const edge = await start(await freePort());
    expect((await edge.call("/readyz")).status).toBe(200);
    expect(await (await edge.call("/v1/ruleset")).text()).toBe(first);

    const stream = (await edge.call("/v1/stream")).body?.getReader();
    let received = "";
    const read = async (until: string) => {
      while (!received.includes(until)) {
        const chunk = await stream?.read();
        if (!chunk || chunk.done) return;
        received += Buffer.from(chunk.value).toString();
      }
    };
    await read(`data: ${first}\n\n`);
    const second = await publish(client, 2);
    await read(`id: 2\ndata: ${second}\n\n`);
    expect(received).toContain(second);

    const batch = [purchase(), purchase()];
    expect(await (await edge.send(batch)).json()).toEqual({ accepted: 2, refused: [] });
    expect(await (await edge.send(batch)).json()).toEqual({ accepted: 2, refused: [] });
    expect(await events.store.countEvents(scope)).toMatchObject({ tracks: 2 });

    const refused = await startEdge({
      DATABASE_URL: database.url,
      CLICKHOUSE_URL: events.url,
      PORT: new URL((await edge.call("/livez")).url).port,
    });
    expect(await refused.ended).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^The edge .* is taken\..*\n$/),
    });

    edge.child.kill("SIGTERM");
    expect(await edge.ended).toEqual({ code: 0, errors: "" });
    expect(edge.output()).not.toContain(KEY);
  });

  it("loses no accepted event when it is killed", async () => {
    const before = (await events.store.countEvents(scope)).tracks;
    const edge = await start(await freePort());
    let accepted = 0;
    const writers = Array.from({ length: 8 }, async () => {
      for (;;) {
        try {
          const answer = await edge.send(Array.from({ length: 20 }, purchase));
          const receipt = (await answer.json()) as { accepted: number };
          accepted += receipt.accepted;
        } catch {
          return;
        }
        if (accepted > 1_000) edge.child.kill("SIGKILL");
      }
    });
    await Promise.all(writers);
    await edge.ended;
    expect(accepted).toBeGreaterThan(1_000);
    expect((await events.store.countEvents(scope)).tracks - before).toBeGreaterThanOrEqual(accepted);
  });
});
