import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { createClient } from "@telltale/sdk";
import { createDatabase, createEventStore } from "@telltale/testing";
import { borrowDatabases } from "@telltale/testing/borrowed";
import pg from "pg";
import { expect, it } from "vitest";
import { KEY, publish, seed, startBalancer } from "./balanced-edges.ts";
import { freePort, startEdge, stopEdge } from "./edge-process.ts";

const binary = process.env.HAPROXY ?? "/usr/sbin/haproxy";
/** HAProxy notices after two checks, 200 ms apart; the edges leave it half of this. Make it 0 and see this fail. */
const DRAIN_MS = 3_000;
const CALLERS = 16;
const STREAMS = 20;

/** Calls without pause and without a second try, on connections that stay; counts every answer that is not 200. */
function startLoad(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  const seen = { answers: 0, accepted: 0, failures: [] as string[] };
  let isOver = false;
  const once = (method: string, path: string, body?: string) =>
    new Promise<void>((resolve) => {
      const failed = (reason: string) => {
        seen.failures.push(`${method} ${path}: ${reason}`);
        resolve();
      };
      const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };
      const asked = request(url + path, { method, agent, headers }, (answer) => {
        text(answer).then(
          (received) => {
            seen.answers++;
            if (answer.statusCode !== 200) return failed(`${answer.statusCode} ${received.slice(0, 200)}`);
            if (method === "POST") seen.accepted += (JSON.parse(received) as { accepted: number }).accepted;
            resolve();
          },
          (error: Error) => failed(error.message),
        );
      });
      asked.on("error", (error) => failed(error.message));
      asked.end(body);
    });
  const purchase = () => ({
    type: "track",
    id: randomUUID(),
    time: new Date().toISOString(),
    name: "purchase",
    units: { targetingKey: "u-42" },
  });
  const callers = Array.from({ length: CALLERS }, async (_, index) => {
    while (!isOver) {
      if (index % 2 === 0) await once("GET", "/v1/ruleset");
      else await once("POST", "/v1/events", JSON.stringify({ events: [purchase(), purchase()] }));
    }
  });
  const end = async () => {
    isOver = true;
    await Promise.all(callers);
    agent.destroy();
    return seen;
  };
  return { seen, end };
}

it("two edges behind HAProxy restart one after the other, and no request fails and no stream is left behind", async () => {
  if (!existsSync(binary)) expect.fail("HAProxy is missing: install Debian's package `haproxy`, or set HAPROXY.");
  const { postgresUrl, clickhouseUrl } = borrowDatabases();
  await using database = await createDatabase(postgresUrl);
  await using events = await createEventStore(clickhouseUrl);
  const postgres = new pg.Client(database.url);
  await postgres.connect();
  await seed(postgres);
  await publish(postgres, 1);
  const ports = [await freePort(), await freePort()];
  const start = (port: number) =>
    startEdge({
      PORT: String(port),
      DATABASE_URL: database.url,
      CLICKHOUSE_URL: events.url,
      DRAIN_MS: String(DRAIN_MS),
    });
  const edges: ChildProcess[] = [];
  const clients: ReturnType<typeof createClient>[] = [];
  try {
    for (const port of ports) edges.push(await start(port));
    await using balancer = await startBalancer(binary, ports);
    await balancer.allUp();
    for (let i = 0; i < STREAMS; i++) clients.push(createClient({ key: KEY, url: balancer.url }));
    await Promise.all(clients.map((client) => client.ready()));
    const load = startLoad(balancer.url);

    let version = 1;
    for (const [index, port] of ports.entries()) {
      const before = load.seen.answers;
      await expect.poll(() => load.seen.answers).toBeGreaterThan(before + 100);
      const leaving = edges[index];
      if (!leaving) throw new Error("there is no such edge");
      expect(await stopEdge(leaving)).toBe(0);
      // With one edge only: who had moved hears of it there.
      await publish(postgres, ++version);
      await expect.poll(() => clients.map((client) => client.status().version)).toEqual(clients.map(() => version));
      edges[index] = await start(port);
      await balancer.allUp();
    }
    const { answers, accepted, failures } = await load.end();
    expect(failures).toEqual([]);
    expect(answers).toBeGreaterThan(500);
    for (const client of clients) expect(client.for({ targetingKey: "u" }).value("lantern", false)).toBe(true);
    const stored = await events.store.countEvents({ environmentId: "env" });
    expect(stored.tracks).toBeGreaterThanOrEqual(accepted);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    for (const edge of edges) edge.kill("SIGKILL");
    await postgres.end();
  }
});
