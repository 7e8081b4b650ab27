import type { Client } from "../client.ts";
import { scheduleQuietly, type WatchedClient, type WatchParts, type WatchScope, watch } from "./watch.ts";

export { watchPage } from "./page.ts";
export type { WatchedClient } from "./watch.ts";

/**
 * The same client, watching flags under release: who was served what, and what was observed then. The scope is the page:
 * observations are booked to the latest answer of each such flag. On servers, use `@telltale/sdk/watch/node`.
 *
 * @example
 * const telltale = withWatch(createClient({ key: "tt_client_…", url: "https://edge.example.com" }));
 * watchPage(telltale);
 * telltale.observe("checkout-ms", 812);
 */
export function withWatch(
  client: Client,
  { schedule = scheduleQuietly }: Partial<Pick<WatchParts, "schedule">> = {},
): WatchedClient {
  const page: WatchScope = new Map();
  const { watched, report } = watch(client, { scope: () => page, keyOf: (flag) => flag, schedule });
  if (typeof document === "undefined") return watched;
  // Before the client's own listeners send what waits.
  const controller = new AbortController();
  const early = { capture: true, signal: controller.signal };
  document.addEventListener("visibilitychange", report, early);
  addEventListener("pagehide", report, early);
  return {
    ...watched,
    close() {
      controller.abort();
      return watched.close();
    },
  };
}
