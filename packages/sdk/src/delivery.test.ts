import { afterEach, describe, expect, it, vi } from "vitest";
import { bootstrap, settle, startClient } from "./fakes.ts";

const status = (code: number, headers?: Record<string, string>) =>
  new Response(JSON.stringify({ detail: "because" }), { status: code, ...(headers && { headers }) });

describe("when events are sent", () => {
  it("by the ruleset's hint, and nothing when nothing waits", async () => {
    const { clock, client, edge, me } = startClient();
    await clock.advance(60_000);
    expect(edge.to("/v1/events")).toEqual([]);
    me.track("a");
    await clock.advance(9_999);
    expect(edge.to("/v1/events")).toEqual([]);
    me.track("b");
    await clock.advance(1);
    expect(edge.to("/v1/events")).toHaveLength(1);
    expect(client.status()).toMatchObject({ queued: 0, acknowledged: 2, refused: 0, dropped: 0 });
    expect(edge.to("/v1/events")[0]?.headers.get("authorization")).toBe("Bearer tt_client_test");
    expect(edge.to("/v1/events")[0]?.headers.get("content-type")).toBe("application/json");
    await client.close();
  });

  it("by the option, which goes before the hint", async () => {
    const { clock, client, me } = startClient({ flushIntervalMs: 50 });
    me.track("a");
    await clock.advance(50);
    expect(client.status().acknowledged).toBe(1);
    await client.close();
  });

  it("at once in the fast lane", async () => {
    const { clock, client, me } = startClient({
      bootstrap: { ...bootstrap, hints: { flushIntervalMs: 10_000, fastLane: true } },
    });
    me.value("x", false);
    await clock.advance(100);
    expect(client.status().acknowledged).toBeGreaterThanOrEqual(1);
    await client.close();
  });

  it("at once when a batch is full, in batches", async () => {
    const { clock, client, edge, me } = startClient({ batchSize: 10 });
    for (let i = 0; i < 25; i++) me.track(`e${i}`);
    await clock.advance(0);
    expect(edge.to("/v1/events").map(({ body }) => JSON.parse(body).events.length)).toEqual([10, 10, 5]);
    await client.close();
  });

  it("in batches below the edge's limit of 1 MB", async () => {
    const { client, edge, me } = startClient();
    for (let i = 0; i < 30; i++) me.track("big", { properties: { text: "é".repeat(50_000) } });
    await client.flush();
    expect(edge.to("/v1/events").length).toBeGreaterThan(3);
    for (const { body } of edge.to("/v1/events")) expect(Buffer.byteLength(body)).toBeLessThan(1_000_000);
    expect(edge.stored.size).toBe(30);
    await client.close();
  });
});

describe("what the edge answers", () => {
  it.each([408, 429, 500, 503])("%s: retried with the same ids, later each time", async (code) => {
    const { clock, client, edge, me, errors } = startClient();
    edge.answer("/v1/events", status(code), status(code));
    me.track("a");
    await client.flush();
    expect(client.status()).toMatchObject({ queued: 1, acknowledged: 0 });
    expect(errors).toEqual([`events were not delivered: the edge answered ${code}: because`]);
    await clock.advance(500);
    expect(edge.to("/v1/events")).toHaveLength(2);
    await clock.advance(999);
    expect(edge.to("/v1/events")).toHaveLength(2);
    await clock.advance(1);
    const ids = edge.to("/v1/events").map(({ body }) => JSON.parse(body).events[0].id);
    expect(new Set(ids).size).toBe(1);
    expect(ids).toHaveLength(3);
    expect(client.status()).toMatchObject({ queued: 0, acknowledged: 1, refused: 0, dropped: 0 });
    await client.close();
  });

  it("no answer, or one that is no receipt: retried", async () => {
    const { clock, client, edge, me } = startClient();
    edge.answer("/v1/events", new TypeError("fetch failed"), new Response("<html>"), "hang");
    me.track("a");
    await client.flush();
    await clock.advance(500 + 1_000);
    expect(edge.to("/v1/events")).toHaveLength(3);
    await clock.advance(30_000);
    expect(client.status().acknowledged).toBe(0);
    await clock.advance(2_000);
    expect(client.status()).toMatchObject({ queued: 0, acknowledged: 1 });
    await client.close();
  });

  it("Retry-After is kept, also while more events come", async () => {
    const { clock, client, edge, me } = startClient({ batchSize: 2 });
    edge.answer("/v1/events", status(429, { "retry-after": "20" }));
    me.track("a");
    await client.flush();
    for (let i = 0; i < 5; i++) me.track("b");
    await clock.advance(19_999);
    expect(edge.to("/v1/events")).toHaveLength(1);
    await clock.advance(1);
    expect(client.status()).toMatchObject({ queued: 0, acknowledged: 6 });
    await client.close();
  });

  it.each([400, 401, 403, 404])("%s: given up, counted as refused", async (code) => {
    const { client, edge, me, errors } = startClient();
    edge.answer("/v1/events", status(code));
    me.track("a");
    await client.flush();
    expect(client.status()).toMatchObject({ queued: 0, acknowledged: 0, refused: 1, dropped: 0 });
    expect(errors).toHaveLength(1);
    await client.close();
  });

  it("some events refused: counted, not sent again", async () => {
    const { client, edge, me } = startClient();
    edge.answer("/v1/events", Response.json({ accepted: 2, refused: [{ index: 1, reason: "too old" }] }));
    for (const name of ["a", "b", "c"]) me.track(name);
    const told: object[] = [];
    client.on("delivery", (delivery) => told.push(delivery));
    await client.flush();
    expect(told).toEqual([{ queued: 0, acknowledged: 2, refused: 1, dropped: 0 }]);
    await client.flush();
    expect(edge.to("/v1/events")).toHaveLength(1);
    await client.close();
  });

  it("413: halved until it fits; one event alone is refused", async () => {
    const { client, edge, me } = startClient();
    const small = ({ body }: { body: string }) => {
      const events: { id: string; name: string }[] = JSON.parse(body).events;
      if (events.length > 2 || events.some(({ name }) => name === "huge")) return status(413);
      for (const event of events) edge.stored.set(event.id, event as never);
      return Response.json({ accepted: events.length, refused: [] });
    };
    edge.answer("/v1/events", ...new Array(20).fill(small));
    for (const name of ["a", "b", "c", "huge", "e", "f", "g"]) me.track(name);
    await client.flush();
    expect(client.status()).toMatchObject({ queued: 0, acknowledged: 6, refused: 1, dropped: 0 });
    expect(edge.stored.size).toBe(6);
    await client.close();
  });
});

it("drops the newest when the queue is full, and counts it", async () => {
  const { client, edge, me } = startClient({ maxQueue: 3 });
  for (let i = 0; i < 5; i++) me.track(`e${i}`);
  expect(client.status()).toMatchObject({ queued: 3, acknowledged: 0, refused: 0, dropped: 2 });
  await client.flush();
  expect([...edge.stored.values()].map((event) => event.type === "track" && event.name)).toEqual(["e0", "e1", "e2"]);
  await client.close();
});

it("keeps counting evaluations while the queue is full", async () => {
  const { client, edge, events, me } = startClient({ maxQueue: 1 });
  edge.answer("/v1/events", status(503));
  me.track("fill");
  me.value("f", false);
  await client.flush();
  me.value("f", false);
  await client.flush();
  await client.flush();
  expect(events("evaluations")).toMatchObject([{ count: 2 }]);
  expect(client.status().dropped).toBe(0);
  await client.close();
});

it("flushes what came during a flush", async () => {
  const { client, edge, me } = startClient();
  me.track("a");
  const first = client.flush();
  me.track("b");
  await Promise.all([first, client.flush(), client.flush()]);
  expect(edge.stored.size).toBe(2);
  expect(client.status().queued).toBe(0);
  await client.close();
});

describe("closing", () => {
  it("sends what waits, counts included", async () => {
    const { client, edge, me } = startClient();
    me.track("a");
    me.value("f", false);
    await client.close();
    expect(edge.stored.size).toBe(2);
    me.track("late");
    expect(client.status()).toMatchObject({ queued: 0, acknowledged: 2, refused: 0, dropped: 1 });
  });

  it("retries for a while", async () => {
    const { client, clock, edge, me } = startClient();
    edge.answer("/v1/events", status(503), status(503));
    me.track("a");
    const closed = client.close();
    await clock.advance(1_500);
    await closed;
    expect(client.status()).toMatchObject({ acknowledged: 1, dropped: 0 });
    expect(clock.timers()).toEqual([]);
  });

  it.each(["hang", "down"] as const)("gives up after 5 s and counts what is left as dropped: edge %s", async (how) => {
    const { client, clock, edge, me } = startClient();
    edge.answer("/v1/events", ...new Array(50).fill(how === "hang" ? "hang" : new TypeError("fetch failed")));
    me.track("a");
    const closed = client.close();
    await clock.advance(4_999);
    expect(client.status().dropped).toBe(0);
    await clock.advance(1);
    await closed;
    expect(client.status()).toMatchObject({ queued: 0, acknowledged: 0, dropped: 1 });
    expect(clock.timers()).toEqual([]);
  });

  it("twice is once", async () => {
    const { client, me, edge } = startClient();
    me.track("a");
    await Promise.all([client.close(), client.close()]);
    await client.close();
    await client.flush();
    expect(edge.to("/v1/events")).toHaveLength(1);
  });
});

describe("in a browser", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("sends what waits when the page is hidden or left, in a request that outlives it, at most 64 kB", async () => {
    const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
    const page = new EventTarget();
    vi.stubGlobal("document", document);
    vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
    const { client, edge, me } = startClient();
    for (let i = 0; i < 100; i++) me.track("seen", { properties: { text: "x".repeat(1_000) } });
    document.dispatchEvent(new Event("visibilitychange"));
    expect(edge.to("/v1/events")).toEqual([]);
    Object.assign(document, { visibilityState: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
    await settle();
    const [request] = edge.to("/v1/events");
    expect(request?.keepalive).toBe(true);
    expect(request?.body.length).toBeLessThan(65_536);
    const { acknowledged, queued } = client.status();
    expect(acknowledged + queued).toBe(100);
    expect(acknowledged).toBeGreaterThan(40);
    page.dispatchEvent(new Event("pagehide"));
    await settle();
    expect(edge.to("/v1/events")).toHaveLength(2);
    await client.close();
    expect(client.status()).toMatchObject({ queued: 0, acknowledged: 100, refused: 0, dropped: 0 });
    page.dispatchEvent(new Event("pagehide"));
    expect(edge.to("/v1/events").every(({ keepalive }, i) => keepalive === i < 2)).toBe(true);
  });

  it("counts an event once that two requests carried", async () => {
    const document = Object.assign(new EventTarget(), { visibilityState: "hidden" });
    vi.stubGlobal("document", document);
    vi.stubGlobal("addEventListener", () => {});
    const { client, edge, me } = startClient();
    me.track("a");
    const flushed = client.flush();
    document.dispatchEvent(new Event("visibilitychange"));
    await flushed;
    await settle();
    expect(edge.to("/v1/events")).toHaveLength(2);
    expect(client.status()).toMatchObject({ queued: 0, acknowledged: 1, refused: 0, dropped: 0 });
    await client.close();
  });

  it("makes ids without crypto.randomUUID, which unsafe pages lack", async () => {
    vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
    const { client, edge, me } = startClient();
    for (let i = 0; i < 50; i++) me.track("a");
    await client.flush();
    expect(edge.stored.size).toBe(50);
    for (const id of edge.stored.keys()) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
    await client.close();
  });
});
