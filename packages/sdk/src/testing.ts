import type { JsonValue, TelltaleEvent } from "@telltale/evaluator";
import { createClient } from "./client.ts";
import { type OverriddenClient, withOverrides } from "./overrides.ts";

/** A client for tests of what uses one. */
export interface TestClient extends OverriddenClient {
  /** What was tracked so far, oldest first. */
  tracked(): Promise<Extract<TelltaleEvent, { type: "track" }>[]>;
}

/**
 * A real client without a network, ready at once. `flags` says what each flag answers everyone; other flags answer
 * the caller's default. `client.overrides.set(flag, value)` changes an answer, and listeners hear of it.
 */
export function createTestClient({ flags = {} }: { flags?: Readonly<Record<string, JsonValue>> } = {}): TestClient {
  const tracked: Extract<TelltaleEvent, { type: "track" }>[] = [];
  const client = createClient({
    key: "test",
    url: "http://telltale.test",
    bootstrap: {
      digest: "",
      schema: 2,
      environment: "test/test",
      audience: "server",
      version: 1,
      attributes: ["targetingKey"],
      hints: { flushIntervalMs: 3_600_000, fastLane: false, overrides: true },
      conditions: {},
      segments: {},
      flags: {},
    },
    // Events go no further; rulesets never come.
    fetch: async (url, init) => {
      if (!String(url).endsWith("/v1/events")) return new Promise(() => {});
      const { events } = JSON.parse(String(init?.body)) as { events: TelltaleEvent[] };
      tracked.push(...events.filter((event) => event.type === "track"));
      return Response.json({ accepted: events.length, refused: [] });
    },
    // No timer of its own keeps a test's process alive, and nothing is stale however long a test takes.
    schedule: () => () => {},
    staleMs: Number.POSITIVE_INFINITY,
  });
  return {
    ...withOverrides(client, { flags, always: true }),
    async tracked() {
      await client.flush();
      return [...tracked];
    },
  };
}
