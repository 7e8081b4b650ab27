import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { root } from "./settings.ts";

let folder: string;
let npm: ChildProcess | undefined;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "telltale-signals-"));
});

afterEach(() => {
  for (const pid of processes()) process.kill(pid, "SIGKILL");
  fs.rmSync(folder, { recursive: true, force: true });
});

/** All that works for the product in this test's folder: found by environment or arguments, itself not included. */
function processes(): number[] {
  return fs.readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const text = fs.readFileSync(`/proc/${name}/environ`, "utf8") + fs.readFileSync(`/proc/${name}/cmdline`, "utf8");
      return text.includes(folder) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** `npm run dev` until its apps are being started. */
async function start(): Promise<ChildProcess> {
  const env = {
    ...process.env,
    TELLTALE_DATA: folder,
    TELLTALE_DASHBOARD_PORT: "4634",
    TELLTALE_EDGE_PORT: "4635",
    TELLTALE_STOREFRONT_PORT: "4636",
    DATABASE_URL: "",
    CLICKHOUSE_URL: "",
  };
  npm = spawn("npm", ["run", "dev"], { cwd: root, env, stdio: "ignore", detached: true });
  await expect.poll(() => fs.existsSync(path.join(folder, "logs/worker.log")), { timeout: 90_000 }).toBe(true);
  expect(processes().length).toBeGreaterThan(6);
  return npm;
}

it.runIf(process.platform === "linux").each(["SIGTERM", "SIGKILL"] as const)(
  "%s to npm alone ends all that it has started",
  async (signal) => {
    (await start()).kill(signal);
    await expect.poll(processes, { timeout: 60_000 }).toEqual([]);
  },
);

it.runIf(process.platform === "linux")("a kill of the command in between ends all that it has started", async () => {
  await start();
  // The shell of npm has the same words in its arguments, as one.
  const command = processes().find((pid) =>
    fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("scripts/telltale.mjs\0dev"),
  );
  expect(command).toBeDefined();
  process.kill(command ?? 0, "SIGKILL");
  await expect.poll(processes, { timeout: 60_000 }).toEqual([]);
});
