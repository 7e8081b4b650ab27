import { RULESET_SCHEMA } from "@telltale/evaluator";
import type { Ending } from "../ending.ts";
import { describeError, type Platform, refusalOf, retryAfterMs, within } from "../platform.ts";
import type { EdgeFreshness } from "../state/freshness.ts";
import type { RulesetState } from "../state/state.ts";

/** The edge sends a heartbeat every 15 s; a connection that is silent for this long is dead. */
const STALL_MS = 40_000;

/** What this SDK reads: also an edge of the next release answers with a document of this schema. */
const READS = `?schema=${RULESET_SCHEMA}&patches`;

/** Whom to ask and whom to tell. */
export interface Connection {
  platform: Platform;
  state: RulesetState;
  freshness: EdgeFreshness;
  ending: Ending;
}

/** A GET of what the edge has: `headers` may name what is here already, `read` takes the answer. */
export interface EdgeRequest {
  path: string;
  headers: Record<string, string | undefined>;
  read(response: Response, progress: () => void): Promise<void>;
}

/** @returns undefined when the edge answered, else for how long (ms) it wants to be left alone. Never rejects. */
export async function askEdge(
  { platform, ending }: Connection,
  { path, headers, read }: EdgeRequest,
): Promise<number | undefined> {
  const { url, key, now, emit } = platform;
  let refusedForMs = 0;
  try {
    await within(platform, ending, STALL_MS, async (aborted, progress) => {
      const response = await platform.fetch(url + path + READS, {
        headers: JSON.parse(JSON.stringify({ authorization: `Bearer ${key}`, ...headers })),
        signal: aborted,
      });
      const { ok, status } = response;
      if (!ok && status !== 304) {
        refusedForMs = retryAfterMs(response, now()) ?? 0;
        throw new Error(refusalOf(status, await response.json().catch(() => {})));
      }
      await read(response, progress);
    });
    return undefined;
  } catch (cause) {
    if (!ending.isOver) emit("error", new Error(`GET ${url}${path}: ${describeError(cause)}`, { cause }));
    return refusedForMs;
  }
}

/** Asks once whether there is a newer ruleset. */
export function poll(connection: Connection): Promise<number | undefined> {
  const { state, freshness } = connection;
  return askEdge(connection, {
    path: "/v1/ruleset",
    headers: { "if-none-match": state.etag() },
    async read(response) {
      const text = response.ok && (await response.text());
      // Together: who asks whether the edge was heard finds what it said.
      freshness.onHeard();
      if (text) state.accept(text, "poll");
    },
  });
}
