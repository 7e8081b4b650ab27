import { describe, expect, it } from "vitest";
import { createClient } from "./client.ts";
import { experiment, fakeClock, fakeEdge, frame, on, optionsOf, rulesetOf, settle, startClient } from "./fakes.ts";
import type { ClientEvents } from "./listeners.ts";

function start(options = {}) {
  const started = startClient({ bootstrap: undefined, ...options });
  const told: [keyof ClientEvents, unknown][] = [];
  for (const event of ["ready", "stale", "change"] as const) {
    started.client.on(event, (payload) => told.push([event, payload]));
  }
  return { ...started, told };
}

/** A storage that remembers, as a browser's does. */
function memory(kept: Record<string, string> = {}) {
  return {
    kept,
    getItem: (name: string) => kept[name] ?? null,
    setItem: (name: string, text: string) => {
      kept[name] = text;
    },
  };
}

describe("ready", () => {
  it("says that the stream brought the first ruleset", async () => {
    const { edge, client, told } = start();
    const ready = client.ready();
    await settle();
    edge.streams[0]?.push(frame(rulesetOf(3, { f: on })));
    expect(await ready).toEqual({ ready: true, source: "stream", version: 3 });
    expect(told).toEqual([
      ["ready", { source: "stream", version: 3 }],
      ["change", { version: 3, flags: ["f"] }],
    ]);
    await client.close();
  });

  it("never rejects: after the timeout it reports that there is none", async () => {
    const { clock, client, me } = start();
    const ready = client.ready({ timeoutMs: 500 });
    await clock.advance(500);
    expect(await ready).toEqual({ ready: false, version: 0 });
    expect(client.status()).toMatchObject({ state: "starting", version: 0 });
    expect(me.evaluate("f", true)).toMatchObject({ value: true, error: { code: "PROVIDER_NOT_READY" } });
    await client.close();
    expect(client.status().state).toBe("closed");
  });

  it("leaves no timer behind when it comes in time", async () => {
    const { edge, clock, client } = start();
    const ready = client.ready({ timeoutMs: 77 });
    await settle();
    edge.streams[0]?.push(frame(rulesetOf(3, {})));
    await ready;
    expect(clock.timers()).not.toContain(77);
    await client.close();
  });
});

describe("a storage", () => {
  it("gives the last good ruleset back when the edge is dead", async () => {
    const storage = memory();
    const before = start({ storage });
    await settle();
    before.edge.streams[0]?.push(frame(rulesetOf(8, { f: on })));
    await settle();
    await before.client.close();
    const after = start({ storage, fetch: async () => Promise.reject(new TypeError("no network")) });
    expect(await after.client.ready()).toEqual({ ready: true, source: "storage", version: 8 });
    expect(after.me.value("f", false)).toBe(true);
    expect(after.client.status()).toMatchObject({ source: "storage", environment: "shop/test" });
    expect(after.client.status().ageMs).toBeUndefined();
    const closed = after.client.close();
    await after.clock.advance(5_000);
    await closed;
  });

  it("never holds the key", async () => {
    const storage = memory();
    const { edge, client } = start({ storage, key: "tt_server_secret" });
    await settle();
    edge.streams[0]?.push(frame(rulesetOf(8, { f: on })));
    await settle();
    expect(JSON.stringify(storage.kept)).not.toContain("secret");
    expect(Object.keys(storage.kept)).toHaveLength(1);
    await client.close();
  });

  it("is for one key only", async () => {
    const storage = memory();
    const one = start({ storage });
    await settle();
    one.edge.streams[0]?.push(frame(rulesetOf(8, { f: on })));
    await settle();
    const other = start({ storage, key: "another" });
    await settle();
    expect(other.client.status().version).toBe(0);
    await Promise.all([one.client.close(), other.client.close()]);
  });

  it("comes after the edge's answer: then it is not looked at", async () => {
    let give = (_text: string) => {};
    const slow = { getItem: () => new Promise<string>((resolve) => (give = resolve)), setItem() {} };
    const { edge, client } = start({ storage: slow });
    await settle();
    edge.streams[0]?.push(frame(rulesetOf(9, { f: on })));
    await settle();
    give(JSON.stringify(rulesetOf(4, {})));
    await settle();
    expect(client.status().version).toBe(9);
    await client.close();
  });

  it.each<[string, object]>([
    ["throws", { getItem: () => thrown(), setItem: () => thrown() }],
    ["rejects", { getItem: () => Promise.reject(new Error("full")), setItem: () => Promise.reject(new Error("full")) }],
    ["holds garbage", memory(new Proxy({}, { get: () => "{not json" }))],
    ["holds another document", memory(new Proxy({}, { get: () => '{"schema":9}' }))],
  ])("that %s is told, and everything goes on", async (_name, storage) => {
    const { edge, client, me, errors } = start({ storage });
    await settle();
    edge.streams[0]?.push(frame(rulesetOf(9, { f: on })));
    await settle();
    expect(me.value("f", false)).toBe(true);
    expect(errors[0]).toMatch(/storage could not be read|ruleset was refused/);
    await client.close();
  });
});

function thrown(): never {
  throw new Error("forbidden");
}

describe("what the edge sends", () => {
  it.each<[string, string]>([
    ["garbage", "event: ruleset\ndata: {{{\n\n"],
    ["a cut document", `event: ruleset\ndata: ${JSON.stringify(rulesetOf(9, { f: on })).slice(0, -20)}\n\n`],
    ["another type of document", "event: ruleset\ndata: [1,2]\n\n"],
    [
      "a new operator",
      frame(rulesetOf(9, { f: { rules: [{ id: "r", when: [{ op: "soundsLike" } as never], serve: "on" }] } })),
    ],
    ["a new schema", frame({ ...rulesetOf(9, { f: on }), schema: 3 } as never)],
  ])("%s: the last good ruleset stays, and it is reported", async (_name, text) => {
    const { edge, clock, client, me, errors } = start();
    await settle();
    edge.streams[0]?.push(frame(rulesetOf(3, { f: on })));
    await settle();
    edge.streams[0]?.push(text);
    await settle();
    expect(errors).toHaveLength(1);
    expect(me.value("f", false)).toBe(true);
    expect(client.status()).toMatchObject({ version: 3, state: "ready" });
    await clock.advance(2_000);
    edge.streams.at(-1)?.push(frame(rulesetOf(10, {})));
    await settle();
    expect(client.status().version).toBe(10);
    await client.close();
  });

  it("is waited for as long as it asks for", async () => {
    const busy = () => new Response(null, { status: 503, headers: { "retry-after": "20" } });
    const { edge, clock, client } = start();
    await settle();
    edge.answer("/v1/stream", busy());
    edge.streams[0]?.end();
    await clock.advance(2_000);
    const tried = edge.to("/v1/stream").length;
    await clock.advance(19_000);
    expect(edge.to("/v1/stream")).toHaveLength(tried);
    await clock.advance(5_000);
    expect(edge.to("/v1/stream")).toHaveLength(tried + 1);
    await client.close();
  });

  it("says how wide reconnections are to be spread", async () => {
    const { edge, clock, client } = start();
    await settle();
    edge.streams[0]?.push("retry: 20000\n\n");
    await settle();
    edge.streams[0]?.end();
    await clock.advance(9_999);
    expect(edge.streams).toHaveLength(1);
    await clock.advance(1);
    expect(edge.streams).toHaveLength(2);
    await client.close();
  });
});

describe("when an edge restarts under ten thousand clients", { timeout: 60_000 }, () => {
  it("they come back spread over the whole window, at every attempt", async () => {
    const clock = fakeClock();
    const delays: number[][] = [];
    // A fixed sequence in place of chance: the spread must come from it alone.
    let seed = 1;
    const random = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    };
    for (let i = 0; i < 10_000; i++) {
      const attempts: number[] = [];
      delays.push(attempts);
      const schedule = (work: () => void, delayMs: number) => {
        // Limits of a connection, of silence and of staleness are not waits.
        if ([3_000, 40_000, 60_000].includes(delayMs)) return () => {};
        attempts.push(delayMs);
        if (attempts.length < 3) queueMicrotask(work);
        return () => {};
      };
      createClient({
        ...optionsOf(fakeEdge(), clock),
        fetch: async () => Promise.reject(new TypeError("restarting")),
        schedule,
        random,
      });
    }
    await settle();
    for (const [attempt, window] of [4_000, 8_000].entries()) {
      const cells = new Array<number>(20).fill(0);
      for (const one of delays) {
        const cell = Math.floor(((one[attempt] ?? 0) / window) * 20);
        cells[cell] = (cells[cell] ?? 0) + 1;
      }
      // 500 in each of the 20 parts of the window, give or take five standard deviations.
      expect(Math.max(...cells)).toBeLessThan(500 + 5 * Math.sqrt(500));
      expect(Math.min(...cells)).toBeGreaterThan(500 - 5 * Math.sqrt(500));
    }
  });
});

describe("status", () => {
  it("knows how old the ruleset may be, and tells once when the edge is silent for too long", async () => {
    const { edge, clock, client, told } = start({ staleMs: 60_000 });
    await settle();
    edge.streams[0]?.push(frame(rulesetOf(3, { f: on })));
    await clock.advance(1_000);
    expect(client.status()).toMatchObject({ state: "ready", ageMs: 1_000, source: "stream", queued: 0, dropped: 0 });
    for (let i = 0; i < 40; i++) edge.answer("/v1/stream", new TypeError("gone"));
    for (let i = 0; i < 8; i++) edge.answer("/v1/ruleset", new TypeError("gone"));
    edge.streams[0]?.break();
    await clock.advance(120_000);
    expect(client.status().state).toBe("stale");
    expect(told.filter(([event]) => event === "stale")).toHaveLength(1);
    for (let i = 0; i < 20; i++) edge.answer("/v1/ruleset", new Response(null, { status: 304 }));
    await clock.advance(300_000);
    expect(client.status().state).toBe("ready");
    await client.close();
  });

  it("hands out the ruleset in use, for another client's bootstrap", async () => {
    const document = rulesetOf(3, { f: on, x: experiment });
    const { client } = start({ bootstrap: document });
    const other = start({ bootstrap: client.ruleset() });
    expect(other.client.ruleset()).toEqual(document);
    document.flags = {};
    expect(client.for({ targetingKey: "u" }).value("f", false)).toBe(true);
    await Promise.all([client.close(), other.client.close()]);
  });
});

describe("offline", () => {
  it("decides by its bootstrap, asks nobody and sends nothing", async () => {
    const { clock, edge, client } = start({ bootstrap: rulesetOf(4, { f: on, x: experiment }), offline: true });
    expect(await client.ready()).toEqual({ ready: true, source: "bootstrap", version: 4 });
    const me = client.for({ targetingKey: "u-1" });
    expect(me.value("f", false)).toBe(true);
    me.value("x", false);
    me.track("purchase");
    await clock.advance(120_000);
    await client.close();
    expect(edge.streams).toEqual([]);
    expect(edge.requests).toEqual([]);
    expect(clock.timers()).toEqual([]);
  });

  it("is not ready, and says so, with nothing to decide by", async () => {
    const { client } = start({ offline: true });
    expect(await client.ready()).toEqual({ ready: false, version: 0 });
  });
});
