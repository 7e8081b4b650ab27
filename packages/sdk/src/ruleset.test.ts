import { hashId } from "@telltale/evaluator";
import { describe, expect, it } from "vitest";
import { experiment, fakeClock, fakeEdge, frame, on, optionsOf, rulesetOf, settle } from "./fakes.ts";
import { type ClientOptions, createClient } from "./index.ts";

function start(options: Partial<ClientOptions> = {}, prepareEdge?: (edge: ReturnType<typeof fakeEdge>) => void) {
  const edge = fakeEdge();
  prepareEdge?.(edge);
  const clock = fakeClock();
  const client = createClient({ ...optionsOf(edge, clock), ...options });
  const errors: string[] = [];
  const changes: { version: number; flags: string[] }[] = [];
  client.on("error", (error) => errors.push(error.message));
  client.on("change", (change) => changes.push(change));
  return { edge, clock, client, errors, changes, me: client.for({ targetingKey: "u-1", country: "DE" }) };
}

const ready = async (client: { ready(): Promise<unknown> }) => {
  let is = false;
  void client.ready().then(() => {
    is = true;
  });
  await settle();
  return is;
};

describe("the stream", () => {
  it("is asked first, with the key, and brings the ruleset", async () => {
    const { edge, client, me, changes } = start();
    expect(client.status().version).toBe(0);
    expect(me.evaluate("f", true)).toMatchObject({ value: true, error: { code: "PROVIDER_NOT_READY" } });
    expect(await ready(client)).toBe(false);
    expect(edge.requests.map(({ path }) => path)).toEqual(["/v1/stream"]);
    expect(edge.requests[0]?.headers.get("authorization")).toBe("Bearer tt_client_test");
    expect(edge.requests[0]?.headers.has("last-event-id")).toBe(false);
    edge.streams[0]?.push(frame(rulesetOf(7, { f: on, g: {} })));
    expect(await ready(client)).toBe(true);
    expect(client.status().version).toBe(7);
    expect(changes).toEqual([{ version: 7, flags: ["f", "g"] }]);
    expect(me.value("f", false)).toBe(true);
    await client.close();
  });

  it("brings changes to units that exist, and says which flags changed", async () => {
    const { edge, client, me, changes } = start();
    await settle();
    const crew = { crew: { included: [hashId("u-1")], rules: [] } };
    const inCrew = {
      rules: [{ id: "r", when: [{ op: "inSegment" as const, segments: ["crew"] }], serve: "on" }],
    };
    const child = { serve: "on", prerequisites: [{ flag: "f", variants: ["on"] }] };
    const flags = { f: {}, same: on, segmented: inCrew, child, gone: on };
    edge.streams[0]?.push(frame(rulesetOf(1, flags, { segments: { crew: { rules: [] } } })));
    await settle();
    expect([me.value("f", false), me.value("segmented", false), me.value("child", false)]).toEqual([
      false,
      false,
      false,
    ]);
    const { gone, ...left } = flags;
    edge.streams[0]?.push(frame(rulesetOf(2, { ...left, f: on, fresh: {} }, { segments: crew })));
    await settle();
    expect(gone).toBe(on);
    expect(changes[1]).toEqual({ version: 2, flags: ["f", "segmented", "child", "gone", "fresh"] });
    expect([me.value("f", false), me.value("segmented", false), me.value("child", false)]).toEqual([true, true, true]);
    await client.close();
  });

  it("reconnects after it ended, saying what it has, and refuses an older version", async () => {
    const { edge, clock, client, changes, errors } = start();
    await settle();
    edge.streams[0]?.push(frame(rulesetOf(7, { f: on })));
    await settle();
    edge.streams[0]?.end();
    await settle();
    expect(edge.streams).toHaveLength(1);
    await clock.advance(1_000);
    expect(edge.streams).toHaveLength(2);
    expect(edge.to("/v1/stream")[1]?.headers.get("last-event-id")).toBe("7");
    edge.streams[1]?.push(frame(rulesetOf(7, { f: on })));
    await settle();
    expect(changes).toHaveLength(1);
    edge.streams[1]?.push(frame(rulesetOf(3, { f: {} })));
    await settle();
    expect(client.status().version).toBe(7);
    expect(errors).toEqual(["a ruleset was refused: 3 is older than 7"]);
    await client.close();
  });

  it("is given up after 40 s without a byte; heartbeats count", async () => {
    const { edge, clock, client, errors } = start();
    await settle();
    edge.streams[0]?.push(frame(rulesetOf(1, { f: on })));
    await clock.advance(30_000);
    edge.streams[0]?.push(": hb\n\n");
    await clock.advance(39_999);
    expect(edge.streams[0]?.aborted).toBe(false);
    await clock.advance(1);
    expect(edge.streams[0]?.aborted).toBe(true);
    expect(errors).toEqual([expect.stringContaining("nothing came for 40000 ms")]);
    await clock.advance(1_000);
    expect(edge.streams).toHaveLength(2);
    expect(client.status().version).toBe(1);
    await client.close();
  });

  it("waits longer after each failure, then polls, and tries the stream again now and then", async () => {
    const down = new TypeError("fetch failed");
    const { edge, clock, client, me, errors } = start({}, (one) => {
      one.answer("/v1/stream", down, down, down, down, down);
      one.answer("/v1/ruleset", Response.json(rulesetOf(4, { f: on })));
    });
    await settle();
    expect(edge.to("/v1/stream")).toHaveLength(1);
    await clock.advance(1_999);
    expect(edge.to("/v1/stream")).toHaveLength(1);
    await clock.advance(1);
    expect(edge.to("/v1/stream")).toHaveLength(2);
    await clock.advance(3_999);
    expect(edge.to("/v1/stream")).toHaveLength(2);
    await clock.advance(1);
    expect(edge.to("/v1/stream")).toHaveLength(3);
    expect(edge.to("/v1/ruleset")).toHaveLength(1);
    expect(me.value("f", false)).toBe(true);
    expect(errors).toHaveLength(3);
    edge.answer("/v1/ruleset", new Response(null, { status: 304 }));
    await clock.advance(30_000);
    expect(edge.to("/v1/ruleset")).toHaveLength(2);
    expect(edge.to("/v1/ruleset")[1]?.headers.get("if-none-match")).toBe(`"${rulesetOf(4, { f: on }).digest}-4"`);
    expect(edge.to("/v1/stream")).toHaveLength(3);
    for (let i = 0; i < 9; i++) edge.answer("/v1/ruleset", new Response(null, { status: 304 }));
    await clock.advance(9 * 30_000);
    expect(edge.to("/v1/stream")).toHaveLength(4);
    for (let i = 0; i < 20; i++) edge.answer("/v1/ruleset", new Response(null, { status: 304 }));
    await clock.advance(20 * 30_000);
    const streams = edge.to("/v1/stream").length;
    edge.streams.at(-1)?.push(": hb\n\n");
    const polls = edge.to("/v1/ruleset").length;
    await clock.advance(30_000);
    expect([edge.to("/v1/stream").length, edge.to("/v1/ruleset").length]).toEqual([streams, polls]);
    await client.close();
  });

  it("that answers but never brings a byte counts as failed", async () => {
    const { edge, clock, client } = start({}, (one) => one.answer("/v1/ruleset", Response.json(rulesetOf(4, {}))));
    await clock.advance(3 * 40_000 + 10_000);
    expect(edge.to("/v1/stream")).toHaveLength(3);
    expect(client.status().version).toBe(4);
    await client.close();
  });

  it("tells why the edge refuses, and keeps trying", async () => {
    const { edge, clock, client, errors } = start({}, (one) =>
      one.answer("/v1/stream", Response.json({ detail: "This key was revoked: copy another." }, { status: 401 })),
    );
    await settle();
    // Its answer is not read to the end, so the connection must be let go of.
    expect(edge.requests[0]?.signal?.aborted).toBe(true);
    await clock.advance(2_000);
    expect(edge.streams).toHaveLength(1);
    expect(errors).toEqual([
      "GET https://edge.test/v1/stream: the edge answered 401: This key was revoked: copy another.",
    ]);
    await client.close();
  });
});

it("only polls when asked to", async () => {
  const { edge, clock, client } = start({ stream: false, pollIntervalMs: 1_000 }, (one) =>
    one.answer("/v1/ruleset", Response.json(rulesetOf(1, {})), Response.json(rulesetOf(2, {}))),
  );
  await settle();
  expect(client.status().version).toBe(1);
  await clock.advance(1_000);
  expect(client.status().version).toBe(2);
  expect(edge.to("/v1/stream")).toEqual([]);
  await client.close();
});

describe("the last good ruleset stays", () => {
  it.each<[string, string, RegExp]>([
    [
      "of another schema",
      frame({ ...rulesetOf(8, {}), schema: 3 as 2 }),
      /refused: its schema is 3, not 2 \(is this SDK too old for it\?\)/,
    ],
    ["that is no ruleset", frame({ ...rulesetOf(8, {}), conditions: null as never }), /refused: it is no ruleset/],
    ["that was changed on its way", frame(rulesetOf(8, {})).replace("shop", "ship"), /refused: it is damaged/],
    ["that is no JSON", "event: ruleset\ndata: {oops\n\n", /refused: it is damaged/],
  ])("when one comes %s", async (_name, text, reason) => {
    const { edge, client, me, errors } = start();
    await settle();
    edge.streams[0]?.push(frame(rulesetOf(7, { f: on })));
    edge.streams[0]?.push(text);
    await settle();
    expect(client.status().version).toBe(7);
    expect(me.value("f", false)).toBe(true);
    expect(errors).toEqual([expect.stringMatching(reason)]);
    await client.close();
  });
});

describe("a bootstrap", () => {
  it("answers at once and with the edge dead; its version is not claimed as received", async () => {
    const { edge, client, me, clock } = start({ bootstrap: rulesetOf(5, { f: on }) }, (one) =>
      one.answer("/v1/stream", new TypeError("fetch failed")),
    );
    expect(client.status().version).toBe(5);
    expect(me.value("f", false)).toBe(true);
    expect(await client.ready()).toEqual({ ready: true, source: "bootstrap", version: 5 });
    await clock.advance(2_000);
    expect(edge.to("/v1/stream").map(({ headers }) => headers.has("last-event-id"))).toEqual([false, false]);
    await client.close();
  });

  it("that is refused counts as none", async () => {
    const { client } = start({ bootstrap: { schema: 9 } as never });
    expect(client.status().version).toBe(0);
    expect(await ready(client)).toBe(false);
    await client.close();
    expect(await ready(client)).toBe(true);
  });
});

it("closing ends the stream and every timer, resolves ready, and decisions go on", async () => {
  const { edge, clock, client, me } = start();
  await settle();
  edge.streams[0]?.push(frame(rulesetOf(7, { f: on, x: experiment })));
  await settle();
  await client.close();
  await settle();
  expect(edge.streams[0]?.aborted).toBe(true);
  expect(me.value("f", false)).toBe(true);
  expect(clock.timers()).toEqual([]);
});

it("closing between two connections ends the wait", async () => {
  const { edge, clock, client } = start();
  await settle();
  edge.streams[0]?.end();
  await settle();
  expect(clock.timers()).toEqual([2_000]);
  await client.close();
  expect(clock.timers()).toEqual([]);
});

describe("nothing throws in the caller's path", () => {
  it("whatever the context", () => {
    const { client, errors } = start({ bootstrap: rulesetOf(1, { x: experiment }) });
    const thrower = {
      get targetingKey(): string {
        throw new Error("no session");
      },
    };
    for (const context of [null, undefined, 5, Symbol("s"), thrower, { targetingKey: 10n }, { targetingKey: {} }]) {
      const me = client.for(context as never);
      expect(me.value("x", true)).toBe(true);
      expect(me.evaluate("x", true).error?.code).toBe("TARGETING_KEY_MISSING");
      me.track("purchase");
    }
    expect(errors).toContain("a context cannot be read and counts as empty");
    void client.close();
  });

  it("whatever a listener does", async () => {
    const { client, edge, errors } = start();
    await settle();
    client.on("change", () => {
      throw new Error("mine");
    });
    client.on("error", () => {
      throw new Error("mine too");
    });
    const stop = client.on("change", () => expect.unreachable());
    stop();
    edge.streams[0]?.push(frame(rulesetOf(7, { f: on })));
    await settle();
    expect(client.status().version).toBe(7);
    expect(errors).toEqual(['a "change" listener threw']);
    await client.close();
  });

  it("changing the context afterwards changes nothing", () => {
    const context = { targetingKey: "u-1" };
    const { client } = start({ bootstrap: rulesetOf(1, { x: experiment }) });
    const me = client.for(context);
    const before = me.evaluate("x", false).exposure;
    context.targetingKey = "u-2";
    expect(me.evaluate("x", false).exposure).toEqual(before);
    void client.close();
  });
});
