import "server-only";
import { type Client, createClient, type Ruleset } from "@telltale/sdk";
import { env } from "./env.ts";

/** Kept beside the bundles, of which Next makes several, so that the process holds one stream to the edge. */
const kept = globalThis as typeof globalThis & { harbourTelltale?: Client };

/** This process's client. Its key is a client key: what it holds is what any browser may see. */
function telltale(): Client {
  const { clientKey, internalEdgeUrl } = env();
  kept.harbourTelltale ??= createClient({ key: clientKey, url: internalEdgeUrl, events: false });
  return kept.harbourTelltale;
}

/** Starts to follow the flags, before the first page is requested. */
export function followFlags(): void {
  telltale();
}

/** The newest ruleset, to render with; undefined when the edge has not answered in half a second. */
export async function currentRuleset(): Promise<Ruleset | undefined> {
  await telltale().ready({ timeoutMs: 500 });
  return telltale().ruleset();
}
