import type { Observe } from "@telltale/control";
import type { EventStore } from "@telltale/events";
import { EXPOSED } from "@telltale/release";

/** What the event store may take: a release that waits for it waits with all others that are due. */
const TIMEOUT_MS = 5_000;

/**
 * Reads what SDKs observed of a release. Units that were served are scaled up where they were sampled: they are only
 * counted. Units that failed are not: each is a coin of a test.
 * @throws where the event store cannot be read in time
 */
export function observeBy(events: Pick<EventStore, "observations">): Observe {
  return async (place) => {
    const rows = await events.observations(place, AbortSignal.timeout(TIMEOUT_MS));
    return rows.map(({ metric, variant, version, units, halvings, last }) => {
      return { metric, variant, version, last, units: metric === EXPOSED ? units * 2 ** halvings : units };
    });
  };
}
