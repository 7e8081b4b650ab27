import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

/** True while the process runs; a zombie that nobody collects (a container without init) counts as gone. */
export async function isRunning(pid: number): Promise<boolean> {
  if (!isThere(pid)) return false;
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (status !== undefined) return !/^\d+ \(.*\) Z/s.test(status);
  // No such file: this machine has no /proc, or the process went between the two looks.
  return existsSync("/proc/self/stat") ? isThere(pid) : true;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * The folder that the process works in, as device and inode, so that a folder that was moved or is reached by another
 * path is still the same. Undefined where it cannot be seen.
 */
export async function workingFolder(pid: number): Promise<string | undefined> {
  return folderIdentity(`/proc/${pid}/cwd`);
}

/** A folder as device and inode; undefined when there is none, or it may not be seen. */
export async function folderIdentity(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && `${found.dev}:${found.ino}`;
}

/** The program's name, or undefined when the process is gone or hidden. */
export async function programName(pid: number): Promise<string | undefined> {
  const comm = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => undefined);
  if (comm !== undefined) return comm.trim();
  return new Promise((resolve) => {
    execFile("ps", ["-o", "comm=", "-p", String(pid)], (error, output) =>
      resolve(error ? undefined : output.trim().split("/").at(-1)),
    );
  });
}

/** Waits until the process is gone; false when it still runs after `limitMs`. */
export async function waitForExit(pid: number, limitMs: number): Promise<boolean> {
  const end = Date.now() + limitMs;
  while (await isRunning(pid)) {
    if (Date.now() > end) return false;
    await pause(25);
  }
  return true;
}

/** Sends a signal; a process that is already gone is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone already
  }
}

export interface ProcessCommand {
  file: string;
  args: string[];
  uid?: number;
  gid?: number;
}

/** Runs a command to its end and returns what it printed on both streams. */
export function runProcess(command: ProcessCommand): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command.file, command.args, { ...identity(command), stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once("error", (error) => resolve({ ok: false, output: error.message }));
    child.once("close", (code) => resolve({ ok: code === 0, output }));
  });
}

/** Options of `spawn` that make it independent of the caller's environment: no PG* variables, English messages. */
export function identity(command: ProcessCommand): {
  uid?: number;
  gid?: number;
  cwd: string;
  env: Record<string, string>;
} {
  const { uid, gid } = command;
  const who = uid === undefined || gid === undefined ? {} : { uid, gid };
  return { ...who, cwd: "/", env: { PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", LC_ALL: "C", TZ: "UTC" } };
}
