import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isRunning } from "../processes.ts";
import { type EmbeddedPostgres, startPostgres } from "./start.ts";

let dataDirectory: string;
const started: EmbeddedPostgres[] = [];

beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), "telltale-pg-"));
});

afterEach(async () => {
  for (const postgres of started.splice(0)) await postgres.stop();
  rmSync(dataDirectory, { recursive: true, force: true });
});

async function start(options: { port?: number } = {}): Promise<EmbeddedPostgres> {
  const postgres = await startPostgres({ dataDirectory, ...options });
  started.push(postgres);
  return postgres;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe("startPostgres", () => {
  test("starts, keeps data, port and password over a restart, and hides the password", async () => {
    const first = await start();
    await query(first.url, "CREATE TABLE kept AS SELECT 'ü' AS text");
    expect(await query(first.url, "SELECT current_database() AS d, current_setting('server_encoding') AS e")).toEqual([
      { d: "telltale", e: "UTF8" },
    ]);
    await first.stop();
    expect(await isRunning(first.pid)).toBe(false);
    const second = await start();
    expect(second).toMatchObject({ url: first.url, adopted: false });
    expect(await query(second.url, "SELECT text FROM kept")).toEqual([{ text: "ü" }]);
    expect(statSync(join(dataDirectory, "postgres.json")).mode & 0o777).toBe(0o600);
    await expect(query(second.url.replace(/:\w+@/, ":wrong@"), "SELECT 1")).rejects.toThrow("password");
  });

  test("recovers what was committed after kill -9, and tells that it ended", async () => {
    const first = await start();
    const reason = new Promise<string>((resolve) => first.onExit(resolve));
    await query(first.url, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n");
    process.kill(first.pid, "SIGKILL");
    const second = await start();
    expect(await query(second.url, "SELECT count(*)::int AS n FROM kept")).toEqual([{ n: 1000 }]);
    expect(await reason).toContain("SIGKILL");
  });

  test("adopts the server of a killed parent, and stops it", async () => {
    const script = `import("${new URL("./start.ts", import.meta.url)}").then(async ({ startPostgres }) => {
      const { pid } = await startPostgres({ dataDirectory: ${JSON.stringify(dataDirectory)} });
      process.stdout.write(String(pid));
    });`;
    const parent = spawn(process.execPath, ["--import", "tsx", "--eval", script], { cwd: import.meta.dirname });
    const pid = await new Promise<number>((resolve) => parent.stdout.once("data", (text) => resolve(Number(text))));
    const gone = new Promise((resolve) => parent.once("exit", resolve));
    parent.kill("SIGKILL");
    await gone;
    const adopted = await start();
    expect(adopted).toMatchObject({ pid, adopted: true });
    const reason = new Promise<string>((resolve) => adopted.onExit(resolve));
    expect(await query(adopted.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await adopted.stop();
    expect(await isRunning(pid)).toBe(false);
    const again = await start();
    expect(again.adopted).toBe(false);
    expect(await Promise.race([reason, "silent"])).toBe("silent");
  });

  test("neither adopts nor stops the server of the folder that this one was copied from", async () => {
    const first = await start();
    await query(first.url, "CREATE TABLE kept AS SELECT 'original' AS text");
    const copy = mkdtempSync(join(tmpdir(), "telltale-pg-copy-"));
    cpSync(dataDirectory, copy, { recursive: true });
    const second = await startPostgres({ dataDirectory: copy });
    try {
      expect(second.adopted).toBe(false);
      expect(second.url).not.toBe(first.url);
      await query(second.url, "UPDATE kept SET text = 'copy'");
      expect(await query(first.url, "SELECT text FROM kept")).toEqual([{ text: "original" }]);
    } finally {
      await second.stop();
      rmSync(copy, { recursive: true, force: true });
    }
    expect(await isRunning(first.pid)).toBe(true);
    expect(await query(first.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("adopts the server of a folder that was moved under it", async () => {
    const first = await start();
    const before = dataDirectory;
    dataDirectory = `${before}-moved`;
    renameSync(before, dataDirectory);
    const second = await start();
    expect(second).toMatchObject({ adopted: true, pid: first.pid });
  });

  test("has a role for the applications that reads and writes rows, and can do nothing else", async () => {
    const postgres = await start();
    await query(postgres.url, "CREATE TABLE later (n serial, text text)");
    await query(postgres.appUrl, "INSERT INTO later (text) VALUES ('a')");
    expect(await query(postgres.appUrl, "UPDATE later SET text = 'b' RETURNING n, text")).toEqual([
      { n: 1, text: "b" },
    ]);
    expect(await query(postgres.appUrl, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).toEqual([
      { rolsuper: false },
    ]);
    for (const statement of [
      "DROP TABLE later",
      "CREATE ROLE sly",
      "CREATE TABLE sly ()",
      "COPY later TO '/tmp/sly'",
    ]) {
      await expect(query(postgres.appUrl, statement)).rejects.toThrow(/denied|must be/);
    }
    await postgres.stop();
    expect((await start()).appUrl).toBe(postgres.appUrl);
  });

  test("comes back where it was, or not at all while its port is somebody else's", async () => {
    const postgres = await start();
    const { url, pid } = postgres;
    const ended = new Promise<string>((resolve) => postgres.onExit(resolve));
    process.kill(pid, "SIGKILL");
    await ended;
    const stranger = createServer((socket) => socket.destroy()).listen(Number(new URL(url).port), "127.0.0.1");
    await new Promise((resolve) => stranger.once("listening", resolve));
    await expect(postgres.restart()).rejects.toMatchObject({ code: "port-taken" });
    await new Promise((resolve) => stranger.close(resolve));
    await postgres.restart();
    expect(postgres.pid).not.toBe(pid);
    expect(await query(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("is not led astray by the pid file of another program", async () => {
    const first = await start();
    const { pid } = first;
    const file = join(dataDirectory, "postgres", "postmaster.pid");
    process.kill(pid, "SIGKILL");
    await new Promise<void>((resolve) => first.onExit(() => resolve()));
    writeFileSync(file, `${process.pid}\n${join(dataDirectory, "postgres")}\n0\n1\n\n127.0.0.1\n`);
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await query(second.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("starts over after a kill in the middle of making the cluster", async () => {
    mkdirSync(join(dataDirectory, "postgres.new", "base"), { recursive: true });
    mkdirSync(join(dataDirectory, "postgres"));
    const postgres = await start();
    expect(await query(postgres.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("says so when the wanted port is taken", async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address ? address.port : 0);
      });
    });
    await expect(start({ port })).rejects.toMatchObject({
      code: "port-taken",
      message: expect.stringContaining(String(port)),
    });
    await new Promise((resolve) => server.close(resolve));
    expect(new URL((await start({ port })).url).port).toBe(String(port));
  });

  test("says which folder to move away when the data are broken", async () => {
    const postgres = await start();
    await postgres.stop();
    const broken = { code: "broken-data", message: expect.stringMatching(/postgres.*move it away/) };
    writeFileSync(join(dataDirectory, "postgres", "PG_VERSION"), "12\n");
    await expect(start()).rejects.toMatchObject(broken);
    writeFileSync(join(dataDirectory, "postgres", "PG_VERSION"), "18\n");
    writeFileSync(join(dataDirectory, "postgres", "global", "pg_control"), "garbage");
    await expect(start()).rejects.toMatchObject(broken);
    rmSync(join(dataDirectory, "postgres", "PG_VERSION"));
    await expect(start()).rejects.toMatchObject(broken);
    rmSync(join(dataDirectory, "postgres.json"));
    await expect(start()).rejects.toMatchObject(broken);
  });

  test.runIf(process.getuid?.() === 0)("runs as nobody where root gets no user namespace", async () => {
    const shared = mkdtempSync(join(tmpdir(), "telltale-shared-"));
    const surroundings = { isRoot: true, shared: join(shared, "telltale"), namespaces: async () => false };
    const { chmodSync } = await import("node:fs");
    chmodSync(shared, 0o755);
    try {
      const first = await startPostgres({ dataDirectory }, surroundings);
      await query(first.url, "CREATE TABLE kept AS SELECT 1 AS n");
      await first.stop();
      const second = await startPostgres({ dataDirectory }, surroundings);
      expect(await query(second.url, "SELECT n FROM kept")).toEqual([{ n: 1 }]);
      await second.stop();
    } finally {
      rmSync(shared, { recursive: true, force: true });
    }
  });
});
