import { backoffMs } from "../platform.ts";
import { type Connection, poll } from "./ask-edge.ts";

/**
 * For where nothing runs by itself: a function that asks the edge, in its caller's time, when it was not heard for
 * `ageMs`. Callers share no connection and wait for nobody else's, as a worker's requests must not. Never rejects.
 * @param recall Looks into the storage, while there is no ruleset.
 */
export function createRenewal(connection: Connection, recall: () => Promise<void>): (ageMs: number) => Promise<void> {
  const { platform, state, freshness, ending } = connection;
  const { now } = platform;
  let notBefore = 0;
  let failures = 0;
  return async (ageMs) => {
    if (!state.ruleset) await recall();
    const { heardAt } = freshness;
    if (ending.isOver || now() < notBefore || (heardAt !== undefined && now() - heardAt < ageMs)) return;
    const refusedForMs = await poll(connection);
    failures = refusedForMs === undefined ? 0 : failures + 1;
    notBefore = failures && now() + (refusedForMs ?? 0) + backoffMs(platform, failures);
  };
}
