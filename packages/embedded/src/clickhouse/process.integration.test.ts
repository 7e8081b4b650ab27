import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClickHouseClient, createClient } from "@clickhouse/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tryPort } from "../free-port.ts";
import { waitForExit } from "../processes.ts";
import { type EmbeddedClickHouse, startClickHouse } from "./start.ts";

let dataDirectory: string;
let clickhouse: EmbeddedClickHouse;

const connect = (url: string) => createClient({ url, log: { level: 127 } });

beforeAll(async () => {
  dataDirectory = mkdtempSync(join(tmpdir(), "telltale-ch-"));
  clickhouse = await startClickHouse({ dataDirectory });
});

afterAll(async () => {
  await clickhouse?.stop();
  rmSync(dataDirectory, { recursive: true, force: true });
});

const rows = async <T>(query: string, from: ClickHouseClient): Promise<T[]> =>
  (await from.query({ query, format: "JSONEachRow" })).json<T>();

test("loses no acknowledged row to kill -9, and comes back on its port with its password", async () => {
  const folder = mkdtempSync(join(tmpdir(), "telltale-ch-"));
  try {
    const first = await startClickHouse({ dataDirectory: folder });
    expect(statSync(join(folder, "clickhouse.json")).mode & 0o777).toBe(0o600);
    const reason = new Promise<string>((resolve) => first.onExit(resolve));
    const before = connect(first.url.replace(/telltale$/, ""));
    await before.command({
      query:
        "CREATE TABLE kept (id UInt32) ENGINE = MergeTree ORDER BY id SETTINGS fsync_after_insert = 1, fsync_part_directory = 1",
    });
    for (let i = 0; i < 20; i++) {
      await before.insert({ table: "kept", values: [{ id: i }], format: "JSONEachRow" });
    }
    process.kill(first.pid, "SIGKILL");
    expect(await reason).toContain("SIGKILL");
    await before.close();
    await first.stop();

    const second = await startClickHouse({ dataDirectory: folder });
    expect(second.url).toBe(first.url);
    const after = connect(second.url.replace(/telltale$/, ""));
    expect(await rows("SELECT toUInt32(count()) AS n FROM kept", after)).toEqual([{ n: 20 }]);
    await after.close();
    await second.stop();
    expect(() => process.kill(second.pid, 0)).toThrow("ESRCH");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("keeps its port between two lives, so that no other program is told the password there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "telltale-ch-"));
  const engine = await startClickHouse({ dataDirectory: folder });
  try {
    const { url, pid } = engine;
    const port = Number(new URL(url).port);
    const ended = new Promise<string>((resolve) => engine.onExit(resolve));
    process.kill(pid, "SIGKILL");
    await ended;
    expect(await tryPort(port)).toBeUndefined();
    const asking = connect(url);
    expect(await asking.ping()).toMatchObject({ success: false });
    await engine.restart();
    expect(engine.pid).not.toBe(pid);
    expect(await asking.ping()).toEqual({ success: true });
    await asking.close();
    expect(engine.url).toBe(url);
  } finally {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

test("finishes what runs before it stops, and is gone then", async () => {
  const folder = mkdtempSync(join(tmpdir(), "telltale-ch-"));
  const engine = await startClickHouse({ dataDirectory: folder });
  const asking = connect(engine.url.replace(/telltale$/, ""));
  const slow = rows("SELECT sleep(1) AS n", asking);
  await expect.poll(() => rows("SELECT 1 AS n", asking)).toEqual([{ n: 1 }]);
  await engine.stop();
  expect(() => process.kill(engine.pid, 0)).toThrow("ESRCH");
  expect(await slow).toEqual([{ n: 0 }]);
  await asking.close();
  rmSync(folder, { recursive: true, force: true });
});

test("says so when the port is taken, and when the folder is open elsewhere", async () => {
  const port = Number(new URL(clickhouse.url).port);
  const folder = mkdtempSync(join(tmpdir(), "telltale-ch-"));
  await expect(startClickHouse({ dataDirectory: folder, port })).rejects.toMatchObject({ code: "port-taken" });
  rmSync(folder, { recursive: true, force: true });
  await expect(startClickHouse({ dataDirectory })).rejects.toMatchObject({
    code: "in-use",
    message: expect.stringContaining("open in another process"),
  });
  expect(await tryPort(port)).toBeUndefined();
});

test("says which folder to move away when the data are broken", async () => {
  const folder = mkdtempSync(join(tmpdir(), "telltale-ch-"));
  mkdirSync(join(folder, "clickhouse", "metadata"), { recursive: true });
  writeFileSync(join(folder, "clickhouse", "metadata", "telltale.sql"), "garbage");
  await expect(startClickHouse({ dataDirectory: folder })).rejects.toMatchObject({
    code: "broken-data",
    message: expect.stringContaining(`${folder}/clickhouse`),
  });
  rmSync(folder, { recursive: true, force: true });
});

test("ends with its parent, however that one ends", async () => {
  const folder = mkdtempSync(join(tmpdir(), "telltale-ch-"));
  const script = `import("${new URL("./start.ts", import.meta.url)}").then(async ({ startClickHouse }) => {
    const { pid } = await startClickHouse({ dataDirectory: ${JSON.stringify(folder)} });
    process.stdout.write(String(pid));
  });`;
  const parent = spawn(process.execPath, ["--import", "tsx", "--eval", script], { cwd: import.meta.dirname });
  const pid = await new Promise<number>((resolve) => parent.stdout.once("data", (text) => resolve(Number(text))));
  parent.kill("SIGKILL");
  expect(await waitForExit(pid, 20_000)).toBe(true);
  rmSync(folder, { recursive: true, force: true });
});
