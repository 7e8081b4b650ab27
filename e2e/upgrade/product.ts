import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const ports = { DASHBOARD: 4720, EDGE: 4721, STOREFRONT: 4722 };
const START_LIMIT_MS = 600_000;

export interface Running {
  dashboardUrl: string;
  edgeUrl: string;
  clickhouseUrl: string;
}

/** A product of some release that runs on a data folder. */
export interface Product extends Running {
  stop(): Promise<void>;
}

export interface Place {
  /** Where the release's files are. */
  root: string;
  dataFolder: string;
}

function spawnCommand({ root, dataFolder }: Place, command: string, args: string[]) {
  const own = Object.entries(ports).map(([name, port]) => [`TELLTALE_${name}_PORT`, String(port)]);
  const child = spawn(process.execPath, ["scripts/telltale.mjs", command, ...args], {
    cwd: root,
    env: {
      ...process.env,
      ...Object.fromEntries(own),
      TELLTALE_DATA: dataFolder,
      DATABASE_URL: "",
      CLICKHOUSE_URL: "",
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
  return { child, said: () => output };
}

/** Products that are up, or on their way. */
const started = new Set<ChildProcess>();

/** Ends every product that was started. */
export async function stopAll(): Promise<void> {
  for (const child of started) await stop(child);
}

/** Starts a release on a data folder; resolves when it is up. */
export async function startProduct(place: Place): Promise<Product> {
  const { child, said } = spawnCommand(place, "start", []);
  started.add(child);
  const file = path.join(place.dataFolder, "running.json");
  const until = Date.now() + START_LIMIT_MS;
  while (!existsSync(file)) {
    if (child.exitCode !== null || Date.now() > until) {
      await stop(child);
      throw new Error(`It did not start:\n${said()}`);
    }
    await pause(200);
  }
  const running = JSON.parse(readFileSync(file, "utf8")) as Running;
  return { ...running, stop: () => stop(child) };
}

/** Runs a command of a release to its end. @throws where it fails */
export async function runCommand(place: Place, command: string, args: string[]): Promise<void> {
  const { child, said } = spawnCommand(place, command, args);
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${command} ended with ${code}:\n${said()}`);
}

/** To the whole group, as Ctrl-C in a terminal does. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  started.delete(child);
  const gone = once(child, "exit");
  process.kill(-child.pid, "SIGINT");
  await gone;
}
