import { describe, expect, it } from "vitest";
import type { ClientOptions } from "./client.ts";
import { fakeClock, fakeEdge, on, optionsOf, rulesetOf, settle, startClient } from "./fakes.ts";

/** A client without background, for platforms that stop a program between requests. */

const document = (version: number) => () => Response.json(rulesetOf(version, { f: on }));

function start(options: Partial<ClientOptions> = {}) {
  const edge = fakeEdge();
  const clock = fakeClock();
  edge.answer("/v1/ruleset", ...[1, 2, 3, 4, 5].map(document));
  const started = startClient({
    ...optionsOf(edge, clock),
    bootstrap: undefined,
    background: false,
    ...options,
  });
  return { ...started, edge, clock };
}

describe("without background", () => {
  it("nothing happens by itself", async () => {
    const { edge, clock, client, me } = start();
    me.track("a");
    await clock.advance(1e7);
    expect([edge.requests, clock.timers(), client.status().queued]).toEqual([[], [], 1]);
    await client.close();
  });

  it("ready() asks, and again when the edge was not heard for staleMs", async () => {
    const { edge, clock, client, me } = start();
    expect(await client.ready({ timeoutMs: 100 })).toEqual({ ready: true, source: "poll", version: 1 });
    expect(me.value("f", false)).toBe(true);
    await clock.advance(59_999);
    expect(await client.ready()).toMatchObject({ version: 1 });
    await clock.advance(1);
    expect(client.status().state).toBe("stale");
    expect(await client.ready()).toMatchObject({ version: 2 });
    expect([client.status().state, edge.to("/v1/ruleset").length, clock.timers()]).toEqual(["ready", 2, []]);
    await client.close();
  });

  it("flush() sends what waits, and asks when the edge was not heard for pollIntervalMs", async () => {
    const { edge, clock, client, me } = start();
    await client.ready();
    me.track("a");
    await client.flush();
    expect([edge.stored.size, edge.to("/v1/ruleset").length]).toEqual([1, 1]);
    await clock.advance(30_000);
    await client.flush();
    expect([client.status().version, edge.to("/v1/ruleset").length, clock.timers()]).toEqual([2, 2, []]);
    await client.close();
  });

  it("leaves an edge alone that wants to be, and keeps what waits", async () => {
    const { edge, clock, client, me } = start();
    const busy = () => new Response(null, { status: 503, headers: { "retry-after": "20" } });
    await client.ready();
    edge.answer("/v1/events", busy);
    me.track("a");
    for (let i = 0; i < 5; i++) await client.flush();
    expect([edge.to("/v1/events").length, client.status().queued]).toEqual([1, 1]);
    await clock.advance(20_000);
    await client.flush();
    expect(edge.stored.size).toBe(1);
    await client.close();
  });

  it("asks an edge that is away now and then, and says that it is not ready", async () => {
    let asked = 0;
    const { clock, client } = start({
      fetch: async () => {
        asked++;
        throw new TypeError("gone");
      },
    });
    expect(await client.ready()).toEqual({ ready: false, version: 0 });
    for (let i = 0; i < 5; i++) await client.ready();
    expect([asked, clock.timers()]).toEqual([1, []]);
    await clock.advance(2_000);
    await client.ready();
    expect(asked).toBe(2);
    const closed = client.close();
    await clock.advance(5_000);
    await closed;
  });

  it("starts from its storage when the edge is away, and keeps what it was sent", async () => {
    const kept: Record<string, string> = {};
    const storage = {
      getItem: async (name: string) => kept[name] ?? null,
      setItem: async (name: string, text: string) => {
        await settle();
        kept[name] = text;
      },
    };
    const before = start({ storage });
    await before.client.ready();
    await before.client.flush();
    expect(Object.keys(kept)).toHaveLength(1);
    const after = start({ storage, fetch: async () => Promise.reject(new TypeError("gone")) });
    expect(await after.client.ready()).toEqual({ ready: true, source: "storage", version: 1 });
    await before.client.close();
  });

  it("requests at once take different events, and what a request lost goes again", async () => {
    const { edge, clock, client, me } = start({ batchSize: 1 });
    edge.answer("/v1/events", "hang");
    me.track("a");
    void client.flush();
    await settle();
    me.track("b");
    await client.flush();
    expect([edge.to("/v1/events").length, edge.stored.size]).toEqual([2, 1]);
    await clock.advance(30_000);
    await client.flush();
    expect([edge.stored.size, client.status().queued]).toEqual([2, 0]);
    await client.close();
  });
});
