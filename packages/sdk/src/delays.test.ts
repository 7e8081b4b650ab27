import { afterEach, describe, expect, it, vi } from "vitest";
import { createClient } from "./client.ts";
import { bootstrap, fakeEdge, frame, rulesetOf, settle, startClient } from "./fakes.ts";
import { closeOnExit } from "./node.ts";
import { boundedMs } from "./platform.ts";

const LONGEST = 2 ** 31 - 1;

it.each<[number, number]>([
  [0, 0],
  [5, 5],
  [-1, 0],
  [Number.NEGATIVE_INFINITY, 0],
  [LONGEST, LONGEST],
  [LONGEST + 1, LONGEST],
  [Number.POSITIVE_INFINITY, LONGEST],
  [Number.NaN, 30_000],
  ["soon" as never, 30_000],
])("a delay of %s waits for %s", (delayMs, waited) => expect(boundedMs(delayMs)).toBe(waited));

describe("no delay becomes a busy loop", () => {
  const beyond = [2 ** 31, 1e15, Number.POSITIVE_INFINITY, Number.NaN, -1, 0];

  it.each(beyond)("pollIntervalMs: %s", async (pollIntervalMs) => {
    const edge = fakeEdge();
    edge.answer("/v1/ruleset", ...Array.from({ length: 500 }, () => new Response(null, { status: 304 })));
    const { clock, client } = startClient({ fetch: edge.fetch, stream: false, pollIntervalMs });
    await clock.advance(3_000);
    expect(edge.to("/v1/ruleset")).toHaveLength(1);
    for (const ms of clock.timers()) expect(ms).toBeLessThanOrEqual(LONGEST);
    await client.close();
  });

  it.each(beyond.slice(0, 5))("flushIntervalMs: %s", async (flushIntervalMs) => {
    const { edge, clock, client, me } = startClient({ flushIntervalMs });
    me.track("a");
    await clock.advance(3_000);
    expect(edge.to("/v1/events")).toEqual([]);
    for (const ms of clock.timers()) expect(ms).toBeLessThanOrEqual(LONGEST);
    await client.close();
  });

  it.each([1e15, "weekly"])("a ruleset's hint: %s", async (flushIntervalMs) => {
    const hints = { ...bootstrap.hints, flushIntervalMs: flushIntervalMs as number };
    const { edge, clock, client, me } = startClient({ bootstrap: { ...bootstrap, hints } });
    me.track("a");
    await clock.advance(3_000);
    expect(edge.to("/v1/events")).toEqual([]);
    await client.close();
  });

  it.each(["9999999999", "1e400", "Fri, 31 Dec 9999 23:59:59 GMT"])("Retry-After: %s", async (wait) => {
    const busy = () => new Response(null, { status: 503, headers: { "retry-after": wait } });
    const { edge, clock, client, me } = startClient();
    edge.answer("/v1/events", ...Array.from({ length: 100 }, busy));
    await settle();
    edge.answer("/v1/stream", ...Array.from({ length: 100 }, busy));
    edge.streams[0]?.end();
    me.track("a");
    await client.flush();
    await clock.advance(60_000);
    expect([edge.to("/v1/events").length, edge.to("/v1/stream").length]).toEqual([1, 2]);
    for (const ms of clock.timers()) expect(ms).toBeLessThanOrEqual(LONGEST);
    void client.close();
  });

  it.each(["0", "-5", "soon", "1e400"])("a stream's retry: %s", async (retry) => {
    const edge = fakeEdge();
    const text = `retry: ${retry}\n\n${frame(rulesetOf(8, {}))}`;
    const { clock, client } = startClient({ fetch: edge.fetch });
    edge.answer("/v1/stream", ...Array.from({ length: 500 }, () => new Response(text)));
    await clock.advance(1_000);
    expect(edge.to("/v1/stream").length).toBeLessThan(25);
    await client.close();
  });

  it.each([2 ** 31, Number.POSITIVE_INFINITY])("ready({ timeoutMs: %s })", async (timeoutMs) => {
    const { clock, client } = startClient({ bootstrap: undefined });
    const ready = vi.fn();
    void client.ready({ timeoutMs }).then(ready);
    await clock.advance(3_000);
    expect(ready).not.toHaveBeenCalled();
    await client.close();
  });
});

describe("with the timers of the platform", () => {
  afterEach(() => vi.restoreAllMocks());

  it("none is longer than it can be", async () => {
    const timers = vi.spyOn(globalThis, "setTimeout");
    const client = createClient({
      key: "k",
      url: "https://edge.test",
      fetch: async () => new Response(null, { status: 503, headers: { "retry-after": "1e12" } }),
      flushIntervalMs: 1e15,
      staleMs: 1e15,
      bootstrap,
    });
    client.for({ targetingKey: "u" }).track("a");
    await settle();
    expect(timers.mock.calls.length).toBeGreaterThan(2);
    for (const [, delayMs] of timers.mock.calls) expect(delayMs ?? 0).toBeLessThanOrEqual(LONGEST);
    client.for({}).value("f", false);
    timers.mockClear();
    // A process that is asked to end is given its time too, however long.
    const stop = closeOnExit({ close: () => new Promise<void>(() => {}) }, { deadlineMs: 1e15 });
    const end = process.listeners("SIGTERM").at(-1);
    const kept = vi.fn();
    process.on("SIGTERM", kept);
    end?.call(process, "SIGTERM");
    expect(timers.mock.calls.map(([, delayMs]) => delayMs)).toEqual([LONGEST]);
    process.off("SIGTERM", kept);
    stop();
    for (const { value } of timers.mock.results) clearTimeout(value);
    await client.flush();
    void client.close();
  });
});
