import { AsyncLocalStorage } from "node:async_hooks";
import type { Client } from "../client.ts";
import { scheduleQuietly, type WatchedClient, type WatchParts, type WatchScope, watch } from "./watch.ts";

export { watchConnect, watchFastify, watchHono, watchListener, watchRoute } from "./middleware.ts";
export type { WatchedClient } from "./watch.ts";

/** A client that watches flags under release, request by request. */
export interface WatchedServer extends WatchedClient {
  /**
   * Runs `work` in a scope of its own, a request's or a job's: what is observed in it, also after awaits, is booked to what
   * it evaluated before. Outside of any scope observations are booked to nothing.
   */
  scope<T>(work: () => T): T;
}

/**
 * The same client, watching flags under release on a server.
 *
 * @example
 * const telltale = withWatch(createClient({ key: "tt_server_…", url: "https://edge.example.com" }));
 * createServer(watchListener(telltale, (request, response) => {
 *   const isNew = telltale.for({ targetingKey: "u-42" }).value("new-checkout", false);
 *   response.end(isNew ? "new" : "old");
 * }));
 */
export function withWatch(
  client: Client,
  { schedule = scheduleQuietly }: Partial<Pick<WatchParts, "schedule">> = {},
): WatchedServer {
  const scopes = new AsyncLocalStorage<WatchScope>();
  const { watched, report } = watch(client, {
    scope: () => scopes.getStore(),
    // One request may decide for several units.
    keyOf: (flag, unit) => `${flag}\n${unit}`,
    schedule,
  });
  // Before the client sends what waits, as the process has nothing left to do.
  process.prependListener("beforeExit", report);
  return {
    ...watched,
    scope: (work) => scopes.run(new Map(), work),
    close() {
      process.off("beforeExit", report);
      return watched.close();
    },
  };
}
