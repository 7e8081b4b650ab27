import { promisify } from "node:util";
import { type Gunzip, gunzip, type ZlibOptions } from "node:zlib";

const unpack = promisify(
  (
    body: Uint8Array,
    options: ZlibOptions,
    done: (error: Error | null, result: { buffer: Buffer; engine: Gunzip }) => void,
  ) => gunzip(body, options, done as never),
);

/**
 * Unpacks gzip, several members included, off the main thread. It stops where `limit` bytes are exceeded, so a bomb
 * costs no more memory than an honest body.
 */
export async function inflate(body: Uint8Array, limit: number): Promise<Buffer | "too-large" | "broken"> {
  try {
    const { buffer, engine } = await unpack(body, { maxOutputLength: limit, info: true });
    // Node leaves what follows the last member unread.
    return engine.bytesWritten === body.byteLength ? buffer : "broken";
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE" ? "too-large" : "broken";
  }
}
