import { describe, expect, it } from "vitest";
import type { ClientOptions } from "./client.ts";
import { frame, on, rulesetOf, settle, startClient } from "./fakes.ts";
import type { ClientEvents } from "./listeners.ts";

const document = rulesetOf(3, { f: on });

function start(options: Partial<ClientOptions> = {}) {
  const started = startClient({ staleMs: 60_000, ...options });
  const told: (keyof ClientEvents)[] = [];
  for (const event of ["ready", "stale", "fresh", "change"] as const) {
    started.client.on(event, () => told.push(event));
  }
  return { ...started, told };
}

describe("a client is stale by the clock", () => {
  it("though no attempt failed: the connection is open and silent", async () => {
    const { edge, clock, client, told } = start({ staleMs: 20_000, bootstrap: undefined });
    await settle();
    edge.streams[0]?.push(frame(document));
    await clock.advance(19_999);
    expect([client.status().state, told]).toEqual(["ready", ["ready", "change"]]);
    await clock.advance(1);
    expect([client.status().state, told]).toEqual(["stale", ["ready", "change", "stale"]]);
    edge.streams[0]?.push(": hb\n\n");
    await settle();
    expect([client.status().state, told]).toEqual(["ready", ["ready", "change", "stale", "fresh"]]);
    await client.close();
  });

  it("when it never heard the edge", async () => {
    const { edge, clock, client, told } = start();
    edge.answer("/v1/stream", ...new Array(99).fill("hang"));
    edge.answer("/v1/ruleset", ...new Array(99).fill("hang"));
    await clock.advance(60_000);
    expect([client.status().state, told]).toEqual(["stale", ["stale"]]);
    const closed = client.close();
    await clock.advance(5_000);
    await closed;
  });

  it("also where the ruleset came after it: from a slow storage", async () => {
    let give = (_text: string) => {};
    const storage = { getItem: () => new Promise<string>((resolve) => (give = resolve)), setItem() {} };
    const { clock, client, told } = start({ bootstrap: undefined, storage, fetch: () => new Promise(() => {}) });
    await clock.advance(60_000);
    expect(client.status().state).toBe("starting");
    give(JSON.stringify(document));
    await settle();
    expect([client.status().state, told]).toEqual(["stale", ["ready", "change", "stale"]]);
    void client.close();
  });

  it.each(["stream", "poll"])("and fresh again without news (%s)", async (how) => {
    const down = () => new TypeError("gone");
    const { edge, clock, client, told } = start({ stream: how === "stream", bootstrap: document });
    await settle();
    edge.answer("/v1/ruleset", ...Array.from({ length: 6 }, down));
    edge.answer("/v1/stream", ...Array.from({ length: 9 }, down));
    edge.streams[0]?.break();
    await clock.advance(100_000);
    expect(client.status().state).toBe("stale");
    for (let i = 0; i < 99; i++) edge.answer("/v1/ruleset", new Response(null, { status: 304 }));
    await clock.advance(100_000);
    expect(client.status().state).toBe("ready");
    expect(told.filter((event) => event === "stale" || event === "fresh")).toEqual(["stale", "fresh"]);
    await client.close();
  });

  it("but never offline", async () => {
    const { clock, client, told } = start({ offline: true });
    await clock.advance(1e9);
    expect([client.status().state, told]).toEqual(["ready", []]);
    await client.close();
  });
});
