import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { decodeSnapshot, encodeSnapshot, type RulesetSnapshot } from "./format.ts";

const FILE = "rulesets.snapshot";

/** What a folder had to offer. */
export type FoundSnapshot = RulesetSnapshot | { refusal: string } | undefined;

/** Reads the folder's snapshot, undefined when there is none; the folder is made, and what a kill left is removed. */
export async function readRulesetSnapshot(folder: string): Promise<FoundSnapshot> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const left = (await readdir(folder)).filter((name) => name.startsWith(`${FILE}.new-`));
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
  try {
    return decodeSnapshot(await readFile(join(folder, FILE)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    return { refusal: `it cannot be read (${error instanceof Error ? error.message : error})` };
  }
}

/** Writes beside, to the disk, then over: whoever reads finds the old one or the new one, whole. */
export async function writeSnapshot(folder: string, snapshot: RulesetSnapshot): Promise<void> {
  const beside = join(folder, `${FILE}.new-${process.pid}`);
  const file = await open(beside, "w", 0o600);
  try {
    await file.writeFile(encodeSnapshot(snapshot));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, join(folder, FILE));
  // The rename is on the disk when its folder is.
  const directory = await open(folder, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

export interface SnapshotKeeper {
  /** To be called after each change: a snapshot is written soon, one at a time. */
  changed(): void;
  /** Resolves when the newest is on the disk, or could not be written. */
  settled(): Promise<void>;
}

/**
 * Keeps the folder's snapshot new.
 * @param take the snapshot as of now
 * @param onError called when one could not be written; the next change tries again
 */
export function keepSnapshots(
  folder: string,
  take: () => RulesetSnapshot,
  onError: (error: unknown) => void,
  intervalMs = 1_000,
): SnapshotKeeper {
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isDirty = false;
  let lastStart = Number.NEGATIVE_INFINITY;

  const start = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    isDirty = false;
    lastStart = performance.now();
    running = writeSnapshot(folder, take())
      .catch(onError)
      .finally(() => {
        running = undefined;
        if (isDirty) schedule();
      });
    return running;
  };
  // Changes that come thick and fast travel together.
  const schedule = () => {
    const pauseMs = lastStart + intervalMs - performance.now();
    if (pauseMs <= 0) void start();
    else timer ??= setTimeout(() => void start(), pauseMs);
  };
  return {
    changed() {
      isDirty = true;
      if (!running) schedule();
    },
    async settled() {
      await running;
      if (isDirty) await start();
    },
  };
}
