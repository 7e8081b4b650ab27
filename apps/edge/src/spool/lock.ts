import { rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";

/** What sockets' addresses may have on every system that we know. */
const PATH_BYTES_MAX = 100;

/**
 * Holds a folder for this process by listening on a socket in it: the kernel lets go of it however the process ends,
 * and no number of a process can be mistaken for another's. Answers why the folder cannot be held.
 */
export async function lockFolder(folder: string): Promise<{ release(): Promise<void> } | { sentence: string }> {
  const path = join(folder, "lock");
  if (Buffer.byteLength(path) > PATH_BYTES_MAX) {
    return { sentence: `the path of the spool is too long: give it one of at most ${PATH_BYTES_MAX - 5} bytes` };
  }
  if (await answers(path))
    return { sentence: `another edge uses the spool ${folder}: give each edge a folder of its own` };
  await rm(path, { force: true });
  const server = createServer((socket) => socket.destroy());
  await listening(server, path);
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => resolve());
  });
}
