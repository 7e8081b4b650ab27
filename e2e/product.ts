import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
export const dataFolder = path.join(root, "test-results-data", "road");
export const ports = { dashboard: 4600, edge: 4601, storefront: 4602 };

/** Environment of a product on these ports with its data in this folder, and nothing of the outer one's databases. */
export function environmentOf(folder: string, at: typeof ports): Record<string, string> {
  return {
    TELLTALE_DATA: folder,
    TELLTALE_DASHBOARD_PORT: String(at.dashboard),
    TELLTALE_EDGE_PORT: String(at.edge),
    TELLTALE_STOREFRONT_PORT: String(at.storefront),
    DATABASE_URL: "",
    CLICKHOUSE_URL: "",
  };
}

export const environment = environmentOf(dataFolder, ports);

export interface Demo {
  owner: { email: string; password: string };
  viewer: { email: string; password: string };
  keys: Record<string, { server: string; client: string }>;
}

export interface Running {
  pid: number;
  dashboardUrl: string;
  edgeUrl: string;
  storefrontUrl: string;
  databaseUrl: string;
  clickhouseUrl: string;
}

/** What the start wrote down, once it is through. */
export async function started(folder = dataFolder): Promise<{ demo: Demo; running: Running }> {
  const file = path.join(folder, "running.json");
  await expect.poll(() => fs.existsSync(file), { timeout: 240_000, message: "the product is up" }).toBe(true);
  const read = <T>(name: string) => JSON.parse(fs.readFileSync(path.join(folder, name), "utf8")) as T;
  return { demo: read<Demo>("demo.json"), running: read<Running>("running.json") };
}

export interface RunningCommand {
  child: ChildProcess;
  output(): string;
  /** Exit code, or null after a signal. */
  done: Promise<number | null>;
}

/** Runs one of the product's commands, as `npm run <command> -- <args>` would. */
export function run(command: string, args: string[], env: Record<string, string>): RunningCommand {
  const child = spawn(process.execPath, ["scripts/telltale.mjs", command, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return {
    child,
    output: () => text,
    done: new Promise((resolve) => child.once("close", (code) => resolve(code))),
  };
}
