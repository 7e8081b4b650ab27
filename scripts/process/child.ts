import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import type { Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import { createStream } from "rotating-file-stream";
import { root } from "../launch/settings.ts";
import { BackOff } from "./back-off.ts";
import { BoundedLines } from "./lines.ts";
import { PING, PONG } from "./pings.mjs";

const preload = pathToFileURL(path.join(root, "scripts/process/die-with-parent.mjs")).href;
const STOP_LIMIT_MS = 12_000;
/** A process that leaves so many pings in a row unanswered hangs, and is killed. */
const PINGS = { everyMs: 5_000, missedMax: 8 };

export interface ChildOptions {
  name: string;
  /** Arguments for Node. */
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** Where its output goes; in `dev` also to the terminal. */
  logFile: string;
  echo: boolean;
  /** Told when it ended by itself, or hangs, and is started again. */
  onTrouble(sentence: string): void;
  pings?: typeof PINGS;
}

export interface Child {
  stop(): Promise<void>;
  running(): boolean;
}

/** Starts a Node process that stops with the launcher, and starts it again, for ever, when it dies or hangs. */
export function startChild(options: ChildOptions): Child {
  const log = openLog(options.logFile);
  const backOff = new BackOff();
  let stopping = false;
  let child = start();

  function start(): ChildProcess {
    const startedAt = Date.now();
    const started = launch(options, log);
    const watch = watchPings(started, options.pings ?? PINGS);
    started.once("exit", (code, signal) => {
      const isHung = watch.stop();
      if (stopping) return;
      const waitMs = backOff.nextMs(Date.now() - startedAt);
      const how = isHung ? "did not answer any more and was ended" : `stopped (${signal ?? `code ${code}`})`;
      options.onTrouble(
        `The ${options.name} ${how}; starting it again in ${waitMs / 1000} s. What it said: ${options.logFile}`,
      );
      setTimeout(() => {
        if (!stopping) child = start();
      }, waitMs);
    });
    return started;
  }

  return {
    running: () => isRunning(child),
    async stop() {
      stopping = true;
      await stopProcess(child);
      log.end();
    },
  };
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/**
 * Kills a process that has answered before and does so no more. A process that never answers knows nothing about pings.
 */
function watchPings(child: ChildProcess, { everyMs, missedMax }: typeof PINGS) {
  let missed: number | undefined;
  let isHung = false;
  child.on("message", (message) => {
    if (message === PONG) missed = 0;
  });
  // Pings are counted, not time: a machine that slept has missed none.
  const timer = setInterval(() => {
    if (missed !== undefined && missed >= missedMax && !isHung) {
      isHung = true;
      child.kill("SIGKILL");
    }
    if (missed !== undefined) missed += 1;
    if (child.connected) child.send(PING, () => undefined);
  }, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      return isHung;
    },
  };
}

function launch({ args, cwd, env, echo, name }: ChildOptions, log: Writable): ChildProcess {
  const child = spawn(process.execPath, ["--import", preload, ...args], {
    cwd,
    // Its own process group: the terminal's Ctrl-C is for the launcher, which stops the children in order.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, ...env, TELLTALE_LAUNCHER: String(process.pid) },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.pipe(new BoundedLines()).pipe(log, { end: false });
    if (echo) stream?.on("data", (chunk: Buffer) => process.stdout.write(prefix(name, chunk)));
  }
  return child;
}

/** A log of at most 40 MB: the file, and `.1` to `.3`. */
function openLog(file: string): Writable {
  const log = createStream(path.basename(file), { path: path.dirname(file), size: "10M", rotate: 3 });
  log.on("error", () => undefined);
  log.on("warning", () => undefined);
  return log;
}

function prefix(name: string, chunk: Buffer): string {
  const lines = chunk.toString("utf8").replace(/\n$/, "").split("\n");
  return lines.map((line) => `${name.padEnd(10)} │ ${line}\n`).join("");
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
  await gone;
  clearTimeout(timer);
}
