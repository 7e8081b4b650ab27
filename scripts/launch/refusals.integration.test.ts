import { spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { listenAsPostgres, makeCertificate } from "./fixtures.ts";
import { root } from "./settings.ts";

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "telltale-refusals-"));
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Runs the launcher until it refuses; what it said, and its exit code. */
function start(env: Record<string, string>): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/launch/main.ts", "dev"], {
    cwd: root,
    env: {
      ...process.env,
      TELLTALE_DATA: folder,
      TELLTALE_DASHBOARD_PORT: "4630",
      TELLTALE_EDGE_PORT: "4631",
      TELLTALE_STOREFRONT_PORT: "4632",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, text: text.trim() })));
}

it("names the port that is taken and how to choose another", async () => {
  const server = net.createServer().listen(4631, "127.0.0.1");
  try {
    const { code, text } = await start({});
    expect(code).toBe(1);
    expect(text).toMatch(/^Port 4631 for the edge is taken .* TELLTALE_EDGE_PORT=4731 npm start\.$/);
  } finally {
    server.close();
  }
});

it("says what to do about a broken data folder, and touches nothing in it", async () => {
  fs.mkdirSync(path.join(folder, "postgres"));
  fs.writeFileSync(path.join(folder, "postgres", "PG_VERSION"), "nonsense");
  const { code, text } = await start({});
  expect(code).toBe(1);
  expect(text.split("\n")).toHaveLength(1);
  expect(text).toContain(path.join(folder, "postgres"));
  expect(text).toContain("move it away");
  expect(fs.readFileSync(path.join(folder, "postgres", "PG_VERSION"), "utf8")).toBe("nonsense");
});

it("says what to do about a database that does not answer", async () => {
  const { code, text } = await start({ DATABASE_URL: "postgresql://a:b@127.0.0.1:4633/c" });
  expect(code).toBe(1);
  expect(text).toContain("PostgreSQL does not answer as DATABASE_URL says");
});

it("says in a sentence why it does not take a database's certificate", async () => {
  makeCertificate(folder);
  const server = await listenAsPostgres(folder, true);
  try {
    const { code, text } = await start({ DATABASE_URL: `postgresql://a:b@127.0.0.1:${server.port}/c?sslmode=require` });
    expect(code).toBe(1);
    // The driver warns of `require` besides.
    expect(text.split("\n").at(-1)).toContain("certificate");
    expect(text).not.toMatch(/^\s+at /m);
  } finally {
    server.close();
  }
});

it("says what to do about a port that is no port, and about a file that is no JSON", async () => {
  expect((await start({ TELLTALE_EDGE_PORT: "http" })).text).toContain(
    'TELLTALE_EDGE_PORT is "http", which is not a port',
  );
  fs.writeFileSync(path.join(folder, "secrets.json"), "{");
  expect((await start({})).text).toContain("secrets.json cannot be read as JSON: repair it");
});
