import { type FileHandle, open, rename } from "node:fs/promises";

/**
 * PostgreSQL writes its log to a file and not into a pipe, since it outlives a killed parent.
 * The log of the start before is kept as `<file>.1`.
 */
export class LogFile {
  readonly path: string;
  #offset = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Opens an empty file for a new start. */
  async begin(): Promise<FileHandle> {
    await rename(this.path, `${this.path}.1`).catch(() => {});
    this.#offset = 0;
    return open(this.path, "a", 0o600);
  }

  /** The log of this start, at most its last 64 kB. */
  text(): Promise<string> {
    return readFrom(this.path, 0);
  }

  /** Hands over each line soon after it was written, until `unfollow`. */
  follow(onLine: (line: string) => void): void {
    const read = async () => {
      const text = await readFrom(this.path, this.#offset);
      const end = text.lastIndexOf("\n") + 1;
      this.#offset += Buffer.byteLength(text.slice(0, end));
      for (const line of text.slice(0, end).split("\n")) if (line !== "") onLine(line);
      this.#timer = setTimeout(read, 500).unref();
    };
    this.#timer = setTimeout(read, 0).unref();
  }

  unfollow(): void {
    clearTimeout(this.#timer);
  }
}

const BYTES_MAX = 65_536;

async function readFrom(path: string, offset: number): Promise<string> {
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return "";
  try {
    const { size } = await file.stat();
    const start = offset === 0 ? Math.max(0, size - BYTES_MAX) : offset;
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(BYTES_MAX), position: start });
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}
