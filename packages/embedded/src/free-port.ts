import { createServer } from "node:net";

/** A port on 127.0.0.1 that is free now: `wanted` if it can be had, else undefined; 0 asks for any. */
export function tryPort(wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : undefined;
      server.close(() => resolve(port));
    });
  });
}

/** `preferred` when it is free, else any free port. */
export async function freePort(preferred?: number): Promise<number> {
  const port = (preferred === undefined ? undefined : await tryPort(preferred)) ?? (await tryPort(0));
  if (port === undefined) throw new Error("no free port on 127.0.0.1");
  return port;
}
