import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createDatabase, createEventStore } from "@telltale/testing";
import { borrowDatabases } from "@telltale/testing/borrowed";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addKey, publish, seed, startEdge } from "./real-world.ts";
import { encodeRecord } from "./spool/record.ts";

const KEY = "tts_integration";

const purchase = () => ({
  type: "track",
  id: randomUUID(),
  time: new Date().toISOString(),
  name: "purchase",
  units: { targetingKey: "u-42" },
});

describe("the edge as a process", () => {
  const children: ChildProcess[] = [];
  let client: pg.Client;
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let events: Awaited<ReturnType<typeof createEventStore>>;
  const scope = { environmentId: "env" };

  beforeAll(async () => {
    const { postgresUrl, clickhouseUrl } = borrowDatabases();
    database = await createDatabase(postgresUrl);
    events = await createEventStore(clickhouseUrl);
    client = new pg.Client(database.url);
    await client.connect();
    await seed(client);
    await addKey(client, KEY);
  });
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await client?.end();
    await events?.store.close();
    await database?.[Symbol.asyncDispose]();
  });

  const start = async () => {
    const edge = await startEdge({ DATABASE_URL: database.url, CLICKHOUSE_URL: events.url });
    children.push(edge.child);
    if (edge.child.exitCode !== null) throw new Error((await edge.ended).errors);
    const call = (path: string) => edge.call(path, KEY);
    const send = (list: object[]) =>
      edge.call("/v1/events", KEY, { method: "POST", body: JSON.stringify({ events: list }) });
    return { ...edge, call, send };
  };

  it("serves, streams and stores, and stops cleanly", async () => {
    const first = await publish(client, 1);
    const edge = await start();
    expect((await edge.call("/readyz")).status).toBe(200);
    expect(await (await edge.call("/v1/ruleset")).text()).toBe(first);

    // As HAProxy checks: HTTP/1.0 and no Host.
    const probe = connect(Number(new URL(edge.url).port), "127.0.0.1");
    probe.end("GET /readyz HTTP/1.0\r\n\r\n");
    expect(await text(probe)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);

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
      PORT: new URL(edge.url).port,
    });
    expect(await refused.ended).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^The edge .* is taken\..*\n$/),
    });

    edge.child.kill("SIGTERM");
    expect(await edge.ended).toEqual({ code: 0, errors: "" });
    expect(edge.output()).not.toContain(KEY);
  });

  it("brings in what an edge of the release before has left in the spool, and keeps what names no environment", async () => {
    const spoolFolder = mkdtempSync(join(tmpdir(), "spool-"));
    await events.store.migrate([{ project: "harbour", environment: "production", environmentId: "env" }]);
    const before = (await events.store.countEvents(scope)).tracks;
    const old = (project: string) =>
      `${project}\tproduction\t${randomUUID()}\t1795435140.000\t1795435140.000\t1795435200.000\tpurchase\t\\N\t{}\ttargetingKey\tu-1\n`;
    const none = new Uint8Array();
    const lines = {
      exposure: none,
      track: Buffer.from(old("harbour") + old("gone")),
      evaluation: none,
      observation: none,
    };
    writeFileSync(join(spoolFolder, "000000000001.spool"), encodeRecord({ events: 2, lines }));
    const edge = await startEdge({ DATABASE_URL: database.url, CLICKHOUSE_URL: events.url, SPOOL_DIR: spoolFolder });
    children.push(edge.child);
    await expect.poll(() => readdirSync(spoolFolder).filter((name) => name.endsWith(".spool"))).toEqual([]);
    expect((await events.store.countEvents(scope)).tracks - before).toBe(1);
    expect(await events.store.migrate([])).toEqual([{ project: "gone", environment: "production", rows: 1 }]);
    edge.child.kill("SIGTERM");
    await edge.ended;
    rmSync(spoolFolder, { recursive: true });
  });

  it("loses no accepted event when it is killed", async () => {
    const before = (await events.store.countEvents(scope)).tracks;
    const edge = await start();
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
