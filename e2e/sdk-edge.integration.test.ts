import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Client, type ClientOptions, createClient } from "@telltale/sdk";
import { fileStorage } from "@telltale/sdk/node";
import { createDatabase, createEventStore } from "@telltale/testing";
import { borrowDatabases } from "@telltale/testing/borrowed";
import { rulesetOf } from "@telltale/testing/ruleset";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

const KEY = "tts_unshakeable";
const edgeFolder = fileURLToPath(new URL("../apps/edge", import.meta.url));
/** Waits are this many times shorter, so that 40 s of silence are 2. */
const HASTE = 20;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A wire between SDK and edge that can be cut, and that can say nonsense. */
async function startWire(target: number) {
  const sockets = new Set<Socket>();
  let isGarbling = false;
  const server: Server = createServer((near) => {
    if (isGarbling) {
      near.end("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\nevent: ruleset\ndata: {\u0000\ufffd{{\n\n");
      return;
    }
    const far = connect(target, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => sockets.forEach((socket) => void socket.destroy()),
    garble: (is: boolean) => {
      isGarbling = is;
    },
    close: () => server.close(),
  };
}

/** What a folder holds, as one text. */
async function kept(folder: string): Promise<string> {
  const files = await readdir(folder);
  return (await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")))).join();
}

describe("the SDK and a real edge", () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let events: Awaited<ReturnType<typeof createEventStore>>;
  let postgres: pg.Client;
  let port: number;
  let wire: Awaited<ReturnType<typeof startWire>>;
  let edge: ChildProcess | undefined;
  let version = 0;
  const clients: Client[] = [];

  async function publish(variant: "on" | "off"): Promise<number> {
    version++;
    const document = rulesetOf(
      version,
      { lantern: { serve: variant } },
      { environment: "harbour/production", audience: "server", hints: { flushIntervalMs: 100, fastLane: false } },
    );
    await postgres.query("begin");
    await postgres.query(`update environment set "rulesetVersion" = $1 where id = 'env'`, [version]);
    await postgres.query(
      `insert into ruleset ("environmentId", audience, version, digest, document) values ('env', 'server', $1, $2, $3)`,
      [version, document.digest, JSON.stringify(document)],
    );
    await postgres.query(`select pg_notify('telltale', $1)`, [JSON.stringify({ environmentId: "env", version })]);
    await postgres.query("commit");
    return version;
  }

  async function startEdge(): Promise<void> {
    const env = { PATH: "", PORT: String(port), DATABASE_URL: database.url, CLICKHOUSE_URL: events.url, DRAIN_MS: "0" };
    const child = spawn(process.execPath, ["--import", "tsx", "src/main.ts"], { cwd: edgeFolder, env });
    edge = child;
    await new Promise<void>((resolve, reject) => {
      child.stdout.on("data", (chunk) => String(chunk).includes("edge is listening") && resolve());
      child.once("exit", (code) => reject(new Error(`the edge ended with ${code}`)));
    });
  }

  async function stopEdge(signal: NodeJS.Signals): Promise<void> {
    const child = edge;
    edge = undefined;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }

  function open(options: Partial<ClientOptions> = {}) {
    const client = createClient({
      key: KEY,
      url: wire.url,
      staleMs: 1_000,
      pollIntervalMs: 2_000,
      schedule: (work, delayMs) => {
        const timer = setTimeout(work, delayMs / HASTE);
        return () => clearTimeout(timer);
      },
      ...options,
    });
    clients.push(client);
    const errors: string[] = [];
    client.on("error", (error) => void errors.push(error.message));
    return { client, errors, lantern: () => client.for({ targetingKey: "u-1" }).value("lantern", false) };
  }
  const reaches = (client: Client, wanted: number) =>
    expect.poll(() => client.status().version, { timeout: 20_000 }).toBe(wanted);

  beforeAll(async () => {
    const { postgresUrl, clickhouseUrl } = borrowDatabases();
    database = await createDatabase(postgresUrl);
    events = await createEventStore(clickhouseUrl);
    postgres = new pg.Client(database.url);
    await postgres.connect();
    await postgres.query(`insert into organisation (id, key, name) values ('org', 'demo', 'Demo')`);
    await postgres.query(`insert into project (id, "organisationId", key, name) values ('pro', 'org', 'harbour', 'H')`);
    await postgres.query(
      `insert into environment (id, "projectId", key, name, position) values ('env', 'pro', 'production', 'P', 0)`,
    );
    await postgres.query(
      `insert into sdk_key (id, "environmentId", name, audience, hash, hint, origins)
       values ('key', 'env', 'k', 'server', $1, 'tts', '{}')`,
      [createHash("sha256").update(KEY).digest("hex")],
    );
    port = await freePort();
    wire = await startWire(port);
    await publish("off");
    await startEdge();
  }, 60_000);

  afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));
  afterAll(async () => {
    await stopEdge("SIGKILL");
    wire?.close();
    await postgres?.end();
    await database?.[Symbol.asyncDispose]();
  });

  it("follows changes by stream", async () => {
    const { client, lantern } = open();
    expect(await client.ready({ timeoutMs: 10_000 * HASTE })).toMatchObject({ ready: true, source: "stream" });
    const next = await publish("on");
    await reaches(client, next);
    expect(lantern()).toBe(true);
  });

  it.each(["SIGKILL", "SIGTERM"] as const)(
    "the edge ends by %s and comes back with something newer",
    async (signal) => {
      const { client, lantern } = open();
      await client.ready();
      const before = lantern();
      await stopEdge(signal);
      const next = await publish(before ? "off" : "on");
      expect(lantern()).toBe(before);
      await expect.poll(() => client.status().state, { timeout: 20_000 }).toBe("stale");
      await startEdge();
      await reaches(client, next);
      expect([lantern(), client.status().state]).toEqual([!before, "ready"]);
    },
    60_000,
  );

  it("the connection is cut, again and again", async () => {
    const { client, errors } = open();
    await client.ready();
    for (let i = 0; i < 5; i++) {
      wire.cut();
      await reaches(client, await publish(i % 2 ? "on" : "off"));
    }
    expect(errors.length).toBeGreaterThan(0);
  }, 60_000);

  it("something in between talks nonsense", async () => {
    const { client, errors, lantern } = open();
    await client.ready();
    const before = lantern();
    wire.garble(true);
    wire.cut();
    await expect.poll(() => errors.length, { timeout: 20_000 }).toBeGreaterThan(3);
    expect(lantern()).toBe(before);
    wire.garble(false);
    await reaches(client, await publish("on"));
  }, 60_000);

  it("the edge freezes: the silence is noticed, decisions go on, and it is there again when it wakes", async () => {
    const { client, errors, lantern } = open();
    await client.ready();
    const before = lantern();
    edge?.kill("SIGSTOP");
    try {
      await expect.poll(() => client.status().state, { timeout: 20_000 }).toBe("stale");
      await expect.poll(() => errors.join(), { timeout: 20_000 }).toContain("nothing came for 40000 ms");
      expect([client.status().state, lantern()]).toEqual(["stale", before]);
    } finally {
      edge?.kill("SIGCONT");
    }
    await reaches(client, await publish(before ? "off" : "on"));
  }, 60_000);

  it("starts with the edge dead, from what the last run kept", async () => {
    const folder = await mkdtemp(join(tmpdir(), "telltale-storage-"));
    const storage = fileStorage(folder);
    const first = open({ storage });
    await first.client.ready();
    const next = await publish("on");
    await reaches(first.client, next);
    await expect.poll(() => kept(folder)).toContain(`"version":${next}`);
    await first.client.close();
    await stopEdge("SIGKILL");
    const second = open({ storage });
    expect(await second.client.ready()).toMatchObject({ ready: true, source: "storage", version: next });
    expect(second.lantern()).toBe(true);
    await startEdge();
    await rm(folder, { recursive: true });
  }, 60_000);
});
