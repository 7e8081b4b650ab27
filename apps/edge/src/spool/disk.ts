import { mkdir, open, readdir, readFile, rm, stat, truncate } from "node:fs/promises";

/** A file that is only ever appended to. */
export interface AppendFile {
  /** Appends all of it or rejects. */
  write(bytes: Uint8Array[]): Promise<void>;
  /** Resolves when what was written survives a loss of power. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The file system, as far as a spool needs it; tests put faults in between. */
export interface Disk {
  ensureFolder(folder: string): Promise<void>;
  list(folder: string): Promise<string[]>;
  size(path: string): Promise<number>;
  read(path: string): Promise<Buffer>;
  remove(path: string): Promise<void>;
  truncate(path: string, bytes: number): Promise<void>;
  /** Makes a new file whose name survives a loss of power. */
  create(folder: string, path: string): Promise<AppendFile>;
}

export const realDisk: Disk = {
  ensureFolder: async (folder) => void (await mkdir(folder, { recursive: true, mode: 0o700 })),
  list: (folder) => readdir(folder),
  size: async (path) => (await stat(path)).size,
  read: (path) => readFile(path),
  remove: (path) => rm(path, { force: true }),
  truncate: (path, bytes) => truncate(path, bytes),
  async create(folder, path) {
    const file = await open(path, "ax", 0o600);
    const directory = await open(folder, "r");
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
    return {
      async write(bytes) {
        // A short write is what a full disk may answer before it says so.
        const all = Buffer.concat(bytes);
        let written = 0;
        while (written < all.byteLength) written += (await file.write(all, written)).bytesWritten;
      },
      sync: () => file.datasync(),
      close: () => file.close(),
    };
  },
};
