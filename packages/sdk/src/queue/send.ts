import type { TelltaleEvent } from "@telltale/evaluator";
import type { Ending } from "../ending.ts";
import type { ClientSettings } from "../options.ts";
import { within } from "../platform.ts";
import { sendBatch } from "../wire.ts";
import { fitting, type Ledger } from "./ledger.ts";

const SEND_TIMEOUT_MS = 30_000;
/** The edge takes 1 MB a request. */
const BATCH_BYTES_MAX = 900_000;

/**
 * A function that sends what waits at the start; it answers undefined when all was answered, else for how long the edge
 * wants to be left alone.
 */
export function createSender(
  { platform, batchSize }: ClientSettings,
  ledger: Ledger,
  ending: Ending,
): () => Promise<number | undefined> {
  const { emit, now } = platform;
  /** Events on their way, and since when: requests of a worker send at once, and one that was cut off never says so. */
  const taken = new Map<TelltaleEvent, number>();
  return async () => {
    let left = ledger.collect();
    let most = batchSize;
    while (left > 0) {
      const events = ledger.waiting().filter((event) => !(now() - (taken.get(event) ?? 0) < SEND_TIMEOUT_MS));
      const fits = fitting(events, { events: Math.min(most, left), bytes: BATCH_BYTES_MAX });
      // An event that is too big for any request is the edge's to refuse.
      const batch = fits[0] ? fits : events.slice(0, 1);
      if (!batch[0]) break;
      for (const event of batch) taken.set(event, now());
      const result = await within(platform, ending, SEND_TIMEOUT_MS, (aborted) =>
        sendBatch({ ...platform, signal: aborted }, batch),
      );
      for (const event of batch) taken.delete(event);
      // Halved until it fits; an event that is too big alone is refused.
      if (!result.ok && result.tooBig && batch[1]) {
        most = batch.length >> 1;
        continue;
      }
      left -= batch.length;
      ledger.settle(batch, result);
      if (!result.ok) emit("error", new Error(`events were not delivered: ${result.reason}`));
      emit("delivery", { ...ledger.delivery });
      if (!result.ok && result.retryable) return result.retryAfterMs ?? 0;
    }
    return undefined;
  };
}
