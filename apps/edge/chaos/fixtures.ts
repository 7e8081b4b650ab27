import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createClient } from "@clickhouse/client";
import { startClickHouse, startPostgres } from "@telltale/embedded";
import { EVENT_KINDS, type EventStore, openEventStore } from "@telltale/events";
import { createDatabase } from "@telltale/testing";
import pg from "pg";
import { addKey, freePort, publish, seed } from "../src/real-world.ts";

const folder = fileURLToPath(new URL("..", import.meta.url));

export const KEY = "tts_chaos";
export const scope = { environmentId: "env" };

declare module "vitest" {
  interface ProvidedContext {
    chaos: { rounds: number; seed: number };
  }
}

/** Real databases and an edge between them, each of which can be killed, frozen and started again. */
export interface ChaosWorld extends AsyncDisposable {
  store: EventStore;
  /** Starts the edge, on its port of before. */
  startEdge(env?: Record<string, string>, nodeOptions?: string[]): Promise<void>;
  killEdge(): Promise<void>;
  killStore(): Promise<void>;
  startStore(): Promise<void>;
  /** SIGSTOP or SIGCONT. */
  signalStore(name: "SIGSTOP" | "SIGCONT"): void;
  edge(path: string, init?: RequestInit): Promise<Response>;
  /** A number from the edge's metrics page. */
  metric(name: string): Promise<number>;
  /** Bytes on disk per row of each table, after a merge. */
  storedBytes(): Promise<{ table: string; each: number }[]>;
  storeVersion(): Promise<string>;
  clickhouseUrl(): string;
  spoolFolder: string;
  edgePid(): number;
  storePid(): number;
  /** SIGTERM, and the end of it. */
  stopEdge(): Promise<void>;
  port: number;
}

async function fill(url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await seed(client);
  await addKey(client, KEY);
  await publish(client, 1);
  await client.end();
}

/** Starts everything but the edge. */
export async function createChaosWorld(): Promise<ChaosWorld> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "chaos-"));
  const spoolFolder = join(dataDirectory, "spool");
  const postgres = await startPostgres({ dataDirectory });
  const database = await createDatabase(postgres.url);
  await fill(database.url);
  const clickhouse = await startClickHouse({ dataDirectory });
  const store = openEventStore({ url: clickhouse.url });
  await store.migrate([]);
  const port = await freePort();
  let edge: ChildProcess | undefined;
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${KEY}`, ...init.headers },
    });
  const killEdge = async () => {
    if (edge?.exitCode !== null || edge.signalCode !== null) return;
    edge.kill("SIGKILL");
    await once(edge, "exit");
  };
  return {
    store,
    spoolFolder,
    port,
    edge: call,
    killEdge,
    edgePid: () => edge?.pid ?? 0,
    storePid: () => clickhouse.pid,
    clickhouseUrl: () => clickhouse.url,
    async stopEdge() {
      edge?.kill("SIGTERM");
      if (edge) await once(edge, "exit");
    },
    storedBytes: () => bytesByTable(clickhouse.url),
    storeVersion: async () =>
      (await ask<{ version: string }>(clickhouse.url, "SELECT version() AS version"))[0]?.version ?? "",
    async startEdge(env = {}, nodeOptions = []) {
      const urls = {
        DATABASE_URL: database.url,
        CLICKHOUSE_URL: clickhouse.url,
        PORT: String(port),
        SPOOL_DIR: spoolFolder,
      };
      edge = await spawnEdge({ ...urls, STORE_TIMEOUT_MS: "400", ...env }, nodeOptions);
    },
    async killStore() {
      const gone = new Promise<void>((resolve) => clickhouse.onExit(() => resolve()));
      process.kill(clickhouse.pid, "SIGKILL");
      await gone;
    },
    startStore: () => clickhouse.restart(),
    signalStore: (name) => void process.kill(clickhouse.pid, name),
    async metric(name) {
      const text = await (await call("/metrics")).text();
      return Number(new RegExp(`^${name.replace(/[{}]/g, "\\$&")} (.+)$`, "m").exec(text)?.[1] ?? Number.NaN);
    },
    async [Symbol.asyncDispose]() {
      await killEdge();
      await store.close();
      await clickhouse.stop();
      await database[Symbol.asyncDispose]();
      await postgres.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

async function ask<T>(url: string, query: string): Promise<T[]> {
  const client = createClient({ url });
  try {
    return await (await client.query({ query, format: "JSONEachRow" })).json<T>();
  } finally {
    await client.close();
  }
}

async function bytesByTable(url: string): Promise<{ table: string; each: number }[]> {
  const client = createClient({ url, request_timeout: 300_000 });
  for (const kind of EVENT_KINDS) await client.command({ query: `OPTIMIZE TABLE ${kind}_event FINAL` });
  await client.close();
  const rows = await ask<{ table: string; each: number }>(
    url,
    `SELECT table, round(sum(bytes_on_disk) / sum(rows), 1) AS each FROM system.parts
     WHERE active AND database = currentDatabase() AND table IN ('exposure_event', 'track_event', 'evaluation_event') GROUP BY table ORDER BY table`,
  );
  return rows;
}

/** The edge as its own process, listening. */
async function spawnEdge(env: Record<string, string>, nodeOptions: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...nodeOptions, "--import", "tsx", "src/main.ts"], {
    cwd: folder,
    env: { PATH: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("edge is listening")) resolve();
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", () => reject(new Error(`the edge did not start: ${output.slice(-2_000)}`)));
  });
  child.stdout?.removeAllListeners("data").resume();
  child.stderr?.removeAllListeners("data").resume();
  return child;
}

/** mulberry32: the same draws for the same seed, everywhere. */
export function draws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Writers that send batches until they are told to end, each batch again and again until it is accepted. */
export class Load {
  readonly accepted = new Set<string>();
  readonly counts = { batches: 0, busy: 0, unreachable: 0, sent: 0 };
  private ending = false;
  private readonly writers: Promise<void>[];
  private readonly waiting: { batches: number; resolve: () => void }[] = [];

  constructor(world: ChaosWorld, name: string, writers: number, batchEvents: number) {
    this.writers = Array.from({ length: writers }, (_, writer) => this.write(world, `${name}-${writer}`, batchEvents));
  }

  /** Resolves when that many more batches were accepted. */
  more(batches: number): Promise<void> {
    return new Promise((resolve) => this.waiting.push({ batches: this.counts.batches + batches, resolve }));
  }

  async end(): Promise<void> {
    this.ending = true;
    await Promise.all(this.writers);
  }

  private async write(world: ChaosWorld, name: string, batchEvents: number): Promise<void> {
    for (let batch = 0; !this.ending; batch++) {
      const ids = Array.from({ length: batchEvents }, (_, i) => `${name}-${batch}-${i}`);
      const events = ids.map((id) => ({
        type: "track",
        id,
        time: new Date().toISOString(),
        name: "purchase",
        units: { targetingKey: id },
        value: 1,
      }));
      while (!(await this.send(world, events))) await pause(20);
      for (const id of ids) this.accepted.add(id);
      this.counts.batches++;
      for (const one of this.waiting) if (one.batches <= this.counts.batches) one.resolve();
    }
  }

  /** True when every event was accepted; what was refused or got no answer is sent again. */
  private async send(world: ChaosWorld, events: object[]): Promise<boolean> {
    this.counts.sent++;
    try {
      const body = JSON.stringify({ sentAt: new Date().toISOString(), events });
      const answer = await world.edge("/v1/events", { method: "POST", body, signal: AbortSignal.timeout(20_000) });
      const receipt: unknown = await answer.json();
      if (answer.status === 503) this.counts.busy++;
      else if (!answer.ok) throw new Error(`${answer.status} ${JSON.stringify(receipt)}`);
      return answer.ok;
    } catch {
      this.counts.unreachable++;
      return false;
    }
  }
}
