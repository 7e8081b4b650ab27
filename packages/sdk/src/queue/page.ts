import type { TelltaleEvent } from "@telltale/evaluator";
import type { Ending } from "../ending.ts";
import type { Listeners } from "../listeners.ts";
import type { ClientSettings } from "../options.ts";
import type { StoredTexts } from "../state/storage.ts";
import { sendBatch } from "../wire.ts";
import { createKept } from "./kept-events.ts";
import { countEventBytes, exposuresFirst, fitting, type Ledger } from "./ledger.ts";
import type { Queue } from "./queue.ts";

/** Browsers allow 64 kB for all requests together that outlive a page; some of it is the requests' own. */
const LEAVING_BYTES_MAX = 60_000;

/** What a page's end needs of the client. */
export interface PageParts {
  settings: ClientSettings;
  ledger: Ledger;
  queue: Queue;
  keep: StoredTexts;
  on: Listeners["on"];
  ending: Ending;
}

/**
 * In a browser: sends what an earlier visit could not. When the page is hidden or left, the last moments in which a
 * request can start, it keeps what waits in the storage and sends what the browser allows.
 */
export function bridgeVisits({ settings, ledger, queue, keep, on, ending }: PageParts): void {
  if (typeof document === "undefined") return;
  const controller = new AbortController();
  ending.onEnd(() => controller.abort());
  const kept = createKept(keep, ledger);
  const send = createLeave(settings, ledger);
  const leave = () => {
    send();
    kept.save();
  };
  on("delivery", kept.update);
  kept.restore(queue.flush);
  const { signal } = controller;
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave(), { signal });
  addEventListener("pagehide", leave, { signal });
}

/**
 * Sends what fits into requests that outlive the page, exposures first. As each is answered the next one goes, as long
 * as the page is there. Whatever goes wrong, the events are still queued.
 */
function createLeave({ platform, batchSize }: ClientSettings, ledger: Ledger): () => void {
  /** Events in requests that outlive the page. What an ordinary request carries may be lost with it, and goes again. */
  const leaving = new Set<TelltaleEvent>();
  let bytes = LEAVING_BYTES_MAX;
  const sendWhatFits = (): void => {
    ledger.collect();
    for (;;) {
      const events = exposuresFirst(ledger.waiting().filter((event) => !leaving.has(event)));
      const batch = fitting(events, { events: batchSize, bytes });
      if (!batch[0]) return;
      for (const event of batch) {
        leaving.add(event);
        bytes -= countEventBytes(event);
      }
      void sendBatch({ ...platform, keepalive: true }, batch).then((result) => {
        for (const event of batch) {
          leaving.delete(event);
          bytes += countEventBytes(event);
        }
        if (!result.ok) return;
        ledger.settle(batch, result);
        platform.emit("delivery", { ...ledger.delivery });
        sendWhatFits();
      });
    }
  };
  return sendWhatFits;
}
