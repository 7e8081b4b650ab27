import { promisify } from "node:util";
import { type Gunzip, gunzip, type ZlibOptions } from "node:zlib";

const unpack = promisify(
  (
    body: Uint8Array,
    options: ZlibOptions,
    done: (error: Error | null, result: { buffer: Buffer; engine: Gunzip }) => void,
  ) => gunzip(body, options, done as never),
);

/** At once; the others wait, so that a flood of gzip leaves threads to the disk. */
const AT_ONCE = 2;
let running = 0;
const waiting: (() => void)[] = [];

/**
 * Unpacks gzip, several members included, off the main thread. It stops where `limit` bytes are exceeded, so a bomb
 * costs no more memory than an honest body.
 */
export async function inflate(body: Uint8Array, limit: number): Promise<Buffer | "too-large" | "broken"> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    const { buffer, engine } = await unpack(body, { maxOutputLength: limit, info: true });
    // Node leaves what follows the last member unread.
    return engine.bytesWritten === body.byteLength ? buffer : "broken";
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE" ? "too-large" : "broken";
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}
