import type { Server } from "node:http";

/** Starts listening; answers a sentence when the port cannot be had. */
export function listen(server: Server, port: number, host: string): Promise<{ sentence: string } | undefined> {
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException) => {
      const reasons: Record<string, string> = {
        EADDRINUSE: `port ${port} on ${host} is taken. Stop what listens there, or set PORT to a free port`,
        EACCES: `this user may not listen on port ${port}. Set PORT to a port above 1023`,
        EADDRNOTAVAIL: `this machine has no address ${host}. Set HOST to one it has`,
      };
      resolve({ sentence: `The edge cannot start: ${reasons[error.code ?? ""] ?? error.message}.` });
    };
    server.once("error", fail);
    server.listen(port, host, () => {
      server.off("error", fail);
      resolve(undefined);
    });
  });
}

/** Ends a server: idle connections at once, busy ones when their answer is out, the rest after `timeoutMs`. */
export function closeServer(server: Server, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(cut);
      resolve();
    });
  });
}
