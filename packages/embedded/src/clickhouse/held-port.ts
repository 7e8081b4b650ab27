import type { ChildProcess } from "node:child_process";
import { createServer, type Socket } from "node:net";

/**
 * The engine's port, held by the process that starts the engine. Connections are handed to the engine. While there is
 * none they are closed: between two lives of the engine no other program can come to listen there, and be told the
 * password by those who look for it.
 */
export interface HeldPort {
  port: number;
  /** Who gets the connections from now on. */
  handTo(child: ChildProcess | undefined): void;
  close(): Promise<void>;
}

/** Message that a connection travels with. */
export const CONNECTION = "connection";

/** @returns undefined when the port is taken */
export function holdPort(wanted: number): Promise<HeldPort | undefined> {
  let owner: ChildProcess | undefined;
  const server = createServer({ pauseOnConnect: true }, (socket: Socket) => {
    socket.on("error", () => undefined);
    if (!owner?.connected) return void socket.destroy();
    owner.send(CONNECTION, socket, (error) => {
      if (error) socket.destroy();
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" || error.code === "EACCES" ? resolve(undefined) : reject(error),
    );
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : wanted,
        handTo: (child) => {
          owner = child;
        },
        // The port is free in the next turn; the event of the same name waits for connections that others have.
        close: async () => {
          server.close();
          await new Promise(setImmediate);
        },
      });
    });
  });
}
