import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP connection in between, that a test can cut, or make swallow all that passes. */
export interface Wire extends AsyncDisposable {
  port: number;
  /** Ends every connection that stands; new ones are taken. */
  cut(): void;
  /** While true nothing passes in either direction, and nobody is told. */
  swallow(is: boolean): void;
}

/** Opens a wire to a port of this machine. */
export async function startWire(targetPort: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  let isSwallowing = false;
  const server = createServer((near) => {
    const far = connect(targetPort, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("error", () => undefined);
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
      from.on("data", (chunk) => void (isSwallowing || to.write(chunk)));
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    swallow: (is) => {
      isSwallowing = is;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      cut();
      await closed;
    },
  };
}
