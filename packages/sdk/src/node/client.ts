import { type Client, type ClientOptions, createClient as createAnywhere } from "../client.ts";
import { flushAtExit } from "./exit.ts";
import { letGoOf } from "./sockets.ts";

/**
 * A client that does not keep its process alive: when the program has nothing left to do, what waits is sent and the
 * process ends. While somebody waits for `ready`, `flush` or `close`, there is something to do.
 *
 * @example
 * const telltale = createClient({ key: "tt_server_…", url: "https://edge.example.com" });
 * await telltale.ready({ timeoutMs: 2_000 });
 * telltale.for({ targetingKey: "u-42" }).value("new-checkout", false);
 */
export function createClient(options: ClientOptions): Client {
  const client = createAnywhere({ ...options, schedule: options?.schedule ?? scheduleQuietly });
  if (options?.offline) return client;
  if (!options?.fetch) letGoOf(options?.url);
  const stop = flushAtExit(client);
  return {
    ...client,
    ready: (how) => holding(client.ready(how)),
    flush: () => holding(client.flush()),
    close() {
      stop();
      return holding(client.close());
    },
  };
}

/** A timer that does not keep the process alive. */
function scheduleQuietly(work: () => void, delayMs: number): () => void {
  const timer = setTimeout(work, delayMs).unref();
  return () => clearTimeout(timer);
}

/** Keeps the process alive until the promise is settled. */
async function holding<T>(promise: Promise<T>): Promise<T> {
  const timer = setInterval(() => {}, 1_000_000);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}
