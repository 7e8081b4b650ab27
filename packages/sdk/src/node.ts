import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "./client.ts";
import { boundedMs } from "./platform.ts";
import type { Storage } from "./state/storage.ts";

/**
 * Keeps the last good ruleset in a folder, so that a process starts with the edge dead. Each file is written beside
 * and renamed: a crash or a full disk leaves the one before.
 */
export function fileStorage(folder: string): Storage {
  const fileOf = (name: string) => join(folder, `${name.replace(/[^\w-]/g, "-")}.json`);
  return {
    async getItem(name) {
      return readFile(fileOf(name), "utf8").catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === "ENOENT") return null;
        throw cause;
      });
    },
    async setItem(name, text) {
      const beside = `${fileOf(name)}.${randomUUID()}`;
      await mkdir(folder, { recursive: true });
      await writeFile(beside, text);
      await rename(beside, fileOf(name));
    },
  };
}

/**
 * Sends what waits when the process is asked to end (SIGTERM, SIGINT), for at most `deadlineMs` (3 s unless given),
 * then lets the signal do its work. Where the program handles the signal itself, it only closes the client: ending is
 * the program's. Call the answer to stop.
 */
export function closeOnExit(
  client: Pick<Client, "close">,
  { deadlineMs = 3_000 }: { deadlineMs?: number } = {},
): () => void {
  const signals = ["SIGTERM", "SIGINT"] as const;
  const stop = (): void => {
    for (const signal of signals) process.off(signal, end);
  };
  const end = (signal: NodeJS.Signals): void => {
    stop();
    const isOurs = process.listenerCount(signal) === 0;
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, boundedMs(deadlineMs));
    });
    void Promise.race([client.close(), deadline]).then(() => {
      clearTimeout(timer);
      if (isOurs) process.kill(process.pid, signal);
    });
  };
  for (const signal of signals) process.on(signal, end);
  return stop;
}
