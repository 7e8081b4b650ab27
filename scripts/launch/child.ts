import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./settings.ts";

const preload = pathToFileURL(path.join(root, "scripts/process/die-with-parent.mjs")).href;
const STOP_LIMIT_MS = 12_000;
const RESTARTS = 5;
const RESTART_WINDOW_MS = 60_000;

export interface ChildOptions {
  name: string;
  /** Arguments for Node. */
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** Where its output goes; in `dev` also to the terminal. */
  logFile: string;
  echo: boolean;
  /** Told when it ended by itself and is started again, or was given up. */
  onTrouble(sentence: string): void;
}

export interface Child {
  stop(): Promise<void>;
  running(): boolean;
}

/** Starts a Node process that stops with the launcher, and starts it again when it dies by itself. */
export function startChild(options: ChildOptions): Child {
  let stopping = false;
  let child = launch(options);
  const deaths: number[] = [];

  function watch() {
    child.once("exit", (code, signal) => {
      if (stopping) return;
      const now = Date.now();
      deaths.push(now);
      const recent = deaths.filter((at) => now - at < RESTART_WINDOW_MS).length;
      const how = signal ?? `code ${code}`;
      if (recent > RESTARTS) {
        options.onTrouble(
          `The ${options.name} keeps stopping (${how}) and is not started again. Look at ${options.logFile}.`,
        );
        return;
      }
      options.onTrouble(`The ${options.name} stopped (${how}); starting it again.`);
      setTimeout(() => {
        if (stopping) return;
        child = launch(options);
        watch();
      }, 300 * recent);
    });
  }
  watch();

  return {
    running: () => child.exitCode === null && child.signalCode === null,
    async stop() {
      stopping = true;
      await stopProcess(child);
    },
  };
}

function launch({ args, cwd, env, logFile, echo, name }: ChildOptions): ChildProcess {
  const child = spawn(process.execPath, ["--import", preload, ...args], {
    cwd,
    // Its own process group: the terminal's Ctrl-C is for the launcher, which stops the children in order.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, ...env, TELLTALE_LAUNCHER: String(process.pid) },
  });
  const log = fs.createWriteStream(logFile, { flags: "a" });
  log.on("error", () => undefined);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.pipe(log, { end: false });
    if (echo) stream?.on("data", (chunk: Buffer) => process.stdout.write(prefix(name, chunk)));
  }
  child.once("close", () => log.end());
  return child;
}

function prefix(name: string, chunk: Buffer): string {
  const lines = chunk.toString("utf8").replace(/\n$/, "").split("\n");
  return lines.map((line) => `${name.padEnd(10)} │ ${line}\n`).join("");
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
  await gone;
  clearTimeout(timer);
}
