import { encode, endsOf, hashId, hashToBucket, type Ruleset, seedOf, type Watched } from "@telltale/evaluator";
import { REPORT_UNITS, sketchHash } from "@telltale/evaluator/sketch";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ClientOptions } from "../client.ts";
import { frame, rulesetOf, settle, startClient } from "../fakes.ts";
import { withWatch } from "./index.ts";

const half = { seed: seedOf("canary"), ends: endsOf([50_000, 50_000]), variants: ["on", "off"] };
const flags = {
  f: { serve: half, targets: [{ variant: "on", ids: [hashId("vip")] }] },
  ruled: { rules: [{ id: "r1", when: [{ attribute: "plan", op: "in" as const, values: ["pro"] }], serve: "on" }] },
  calm: { serve: "on" },
};

function rulesetWith(watched: Record<string, Watched> | undefined, { version = 7, fastLane = true, more = {} } = {}) {
  const hints = { flushIntervalMs: 10_000, fastLane, ...(watched && { watched }) };
  return rulesetOf(version, { ...flags, ...more }, { hints });
}
const byUser: Record<string, Watched> = { f: { by: "targetingKey", above: { latency: 300 } } };

function start(bootstrap: Ruleset = rulesetWith(byUser), options: Partial<ClientOptions> = {}) {
  const world = startClient({ bootstrap, ...options });
  const client = withWatch(world.client, { schedule: world.clock.schedule });
  /** What was reported of a metric, without what every event has; units as texts where these are given. */
  const reported = (metric: string, ...names: string[]) =>
    world.events("observations").flatMap(({ id, time, type, units, ...rest }) => {
      if (rest.metric !== metric) return [];
      const named = units?.units.map((hash) => names.find((name) => sketchHash(name) === hash) ?? hash).sort();
      return [{ ...rest, ...(units && { halvings: units.halvings, units: named }) }];
    });
  return { ...world, plain: world.client, client, reported };
}
const arm = { flag: "f", rule: "", version: 7 };
/** Users that the split serves "off", and "on". */
const served = (variant: string) =>
  Array.from({ length: 20 }, (_, i) => `u-${i}`).find((unit) => {
    const isOn = hashToBucket(encode(unit), half.seed) < (half.ends[0] ?? 0);
    return isOn === (variant === "on");
  }) ?? "";
const [OFF, ON] = [served("off"), served("on")];

describe("a client that watches", () => {
  it("reports who was served what, each unit once, and what failed then", async () => {
    const { client, clock, reported } = start();
    const [one, other] = [OFF, ON].map((targetingKey) => client.for({ targetingKey }));
    for (let i = 0; i < 3; i++) one?.value("f", false);
    client.observe("error");
    other?.value("f", false);
    client.observe("error");
    client.observe("error");
    await clock.advance(1_100);
    const exposed = { ...arm, metric: "exposed", halvings: 0 };
    expect(reported("exposed", OFF, ON)).toEqual([
      { ...exposed, variant: "off", count: 3, units: [OFF] },
      { ...exposed, variant: "on", count: 1, units: [ON] },
    ]);
    expect(reported("error", OFF, ON)).toEqual([
      { ...arm, metric: "error", variant: "off", count: 1, halvings: 0, units: [OFF] },
      { ...arm, metric: "error", variant: "on", count: 2, halvings: 0, units: [ON] },
    ]);
    // Later: served again, but not newly so; failing again is failing.
    other?.value("f", false);
    client.observe("error");
    await clock.advance(1_100);
    expect(reported("exposed", OFF, ON).slice(2)).toEqual([{ ...arm, metric: "exposed", variant: "on", count: 1 }]);
    expect(reported("error", OFF, ON).slice(2)).toMatchObject([{ variant: "on", count: 1, units: [ON] }]);
    await client.close();
  });

  it("adds values up, and takes those above the threshold for failures", async () => {
    const { client, clock, reported } = start();
    client.for({ targetingKey: ON }).value("f", false);
    for (const value of [100, 300, 301.5]) client.observe("latency", value);
    client.observe("size", 1e9);
    for (const value of [1e200, 1]) client.observe("huge", value);
    await clock.advance(1_100);
    const on = { ...arm, variant: "on" };
    expect(reported("latency", ON)).toEqual([
      { ...on, metric: "latency", count: 3, halvings: 0, units: [ON], sum: 701.5, squares: 190_902.25 },
    ]);
    expect(reported("size")).toEqual([{ ...on, metric: "size", count: 1, sum: 1e9, squares: 1e18 }]);
    expect(reported("huge")).toEqual([{ ...on, metric: "huge", count: 2 }]);
    await client.close();
  });

  it("reports each second in the fast lane, else with the flush interval, and at once when it is asked to send", async () => {
    const { client, clock, reported } = start(rulesetWith(byUser, { fastLane: false }));
    const me = client.for({ targetingKey: ON });
    me.value("f", false);
    await clock.advance(9_999);
    expect(reported("exposed")).toEqual([]);
    await clock.advance(10_001);
    expect(reported("exposed")).toHaveLength(1);
    client.observe("error");
    await client.flush();
    expect(reported("error")).toHaveLength(1);
    client.observe("error");
    await client.close();
    expect(reported("error")).toHaveLength(2);
    expect(clock.timers()).toEqual([]);
  });

  it("goes over to the fast lane with what waits", async () => {
    const { client, clock, edge, reported } = start(rulesetWith(byUser, { fastLane: false }));
    await settle();
    const me = client.for({ targetingKey: ON });
    me.value("f", false);
    edge.streams[0]?.push(frame(rulesetWith(byUser, { version: 8 })));
    await settle();
    me.value("f", false);
    await clock.advance(1_100);
    expect(reported("exposed", ON)).toMatchObject([
      { version: 7, count: 1, units: [ON] },
      // Another version is news of everybody.
      { version: 8, count: 1, units: [ON] },
    ]);
    await client.close();
  });

  it("costs nothing while nothing is watched: no event, no timer", async () => {
    const { client, clock, events } = start(rulesetWith(undefined));
    client.for({ targetingKey: ON }).value("f", false);
    client.observe("error");
    client.observe("latency", 1);
    // One timer for the counts of evaluations, one for the stream's silence, none for reports.
    expect(clock.timers().filter((ms) => ms === 1_000)).toEqual([]);
    await client.flush();
    expect(events("observations")).toEqual([]);
    await client.close();
  });

  it("books nothing to flags that are not watched, nor to who was served otherwise than by a rule", async () => {
    const watched = { ...byUser, off: { by: "targetingKey" }, nowhere: { by: "targetingKey" } };
    const { client, reported, events } = start(rulesetWith(watched, { more: { off: { on: false } } }));
    for (const targetingKey of ["vip", undefined, ""]) client.for({ targetingKey } as never).value("f", false);
    for (const flag of ["calm", "off", "nowhere", "constructor", "__proto__"])
      client.for({ targetingKey: ON }).value(flag, false);
    client.for({ targetingKey: ON }).value("f", "another type");
    client.for({ targetingKey: ON }).peek("f", false);
    client.observe("error");
    await client.flush();
    expect(events("observations")).toEqual([]);
    client.for({ targetingKey: ON }).value("f", false);
    await client.flush();
    expect(reported("exposed", ON)).toMatchObject([{ count: 1, units: [ON] }]);
    await client.close();
  });

  it("books to the rule that served, by the attribute that is the unit", async () => {
    const { client, reported } = start(rulesetWith({ ruled: { by: "accountId" } }));
    client.for({ targetingKey: "u", accountId: 42, plan: "pro" }).value("ruled", false);
    client.for({ targetingKey: "u", plan: "pro" }).value("ruled", false);
    client.for({ targetingKey: "u", accountId: "43" }).value("ruled", true);
    client.observe("error");
    await client.flush();
    const one = { flag: "ruled", version: 7 };
    expect(reported("exposed", "42", "43")).toMatchObject([
      { ...one, rule: "r1", variant: "on", count: 1, units: ["42"] },
      { ...one, rule: "", variant: "off", count: 1, units: ["43"] },
    ]);
    // The page's latest answer.
    expect(reported("error", "42", "43")).toMatchObject([{ ...one, rule: "", variant: "off", units: ["43"] }]);
    await client.close();
  });

  it("stops booking to a flag that is switched off, or no longer watched", async () => {
    const { client, edge, reported } = start();
    await settle();
    const me = client.for({ targetingKey: ON });
    me.value("f", false);
    edge.streams[0]?.push(frame(rulesetWith(byUser, { version: 8, more: { f: { on: false } } })));
    await settle();
    me.value("f", false);
    client.observe("error");
    edge.streams[0]?.push(frame(rulesetWith(byUser, { version: 9 })));
    await settle();
    me.value("f", false);
    edge.streams[0]?.push(frame(rulesetWith({ calm: { by: "targetingKey" } }, { version: 10 })));
    await settle();
    client.observe("error");
    await client.flush();
    expect(reported("exposed", ON)).toMatchObject([{ version: 7 }, { version: 9 }]);
    expect(reported("error")).toEqual([]);
    await client.close();
  });

  it("keeps within bounds: a report samples its units, names and metrics are limited", async () => {
    const { client, reported, events } = start(rulesetWith({ calm: { by: "targetingKey" } }));
    for (let i = 0; i < 10_000; i++) {
      client.for({ targetingKey: `u-${i}` }).value("calm", false);
      client.observe("error");
    }
    for (let i = 0; i < 1_000; i++) client.observe(`metric-${i}`, i);
    for (const name of ["", "m".repeat(129), "exposed", 7, null, undefined]) client.observe(name as string);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, "7"]) client.observe("error", value as number);
    await client.flush();
    for (const metric of ["exposed", "error"]) {
      const [report, ...others] = reported(metric);
      expect([report?.count, others]).toEqual([10_000, []]);
      expect(report?.units?.length).toBeLessThanOrEqual(REPORT_UNITS);
      const estimate = (report?.units?.length ?? 0) * 2 ** (report?.halvings ?? 0);
      expect(estimate).toBeGreaterThan(5_000);
      expect(estimate).toBeLessThan(20_000);
    }
    expect(events("observations")).toHaveLength(500);
    await client.close();
  });

  it("throws nothing: at strange contexts, hints and times", async () => {
    const strange: unknown[] = [
      { f: 7 },
      { f: null },
      { f: { by: 7 } },
      { f: { by: "targetingKey", above: 3 } },
      7,
      "f",
    ];
    for (const watched of strange) {
      const { client, errors } = start(rulesetWith(watched as never));
      expect(client.for({ targetingKey: ON }).value("f", false)).toBe(true);
      client.observe("error");
      await client.close();
      expect(errors).toEqual([]);
    }
    const { client, reported } = start();
    const trap = Object.defineProperty({}, "targetingKey", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    });
    client.for(trap).value("f", false);
    client.for(null as never).value("f", false);
    await client.close();
    client.for({ targetingKey: ON }).value("f", false);
    client.observe("error");
    await client.flush();
    expect(reported("exposed")).toEqual([]);
  });

  it("knows a unit by what the context was, whatever becomes of it", async () => {
    const { client, reported } = start();
    const context = { targetingKey: ON };
    const me = client.for(context);
    context.targetingKey = "somebody else";
    me.value("f", false);
    await client.flush();
    expect(reported("exposed", ON)).toMatchObject([{ units: [ON] }]);
    await client.close();
  });

  it("keeps what it could not report: a worker has no random ids before its first request", async () => {
    const { plain, reported } = start();
    let isEarly = true;
    const client = withWatch({
      ...plain,
      report(event) {
        if (isEarly) throw new Error("not now");
        return plain.report(event);
      },
    });
    client.for({ targetingKey: ON }).value("f", false);
    client.observe("error");
    await client.flush();
    isEarly = false;
    await client.flush();
    expect([...reported("exposed", ON), ...reported("error", ON)]).toMatchObject([{ units: [ON] }, { units: [ON] }]);
    await client.close();
  });

  it("is told that an older edge refuses what it does not know, and does not send it again", async () => {
    const { client, edge } = start();
    edge.answer("/v1/events", ({ body }) => {
      const { events } = JSON.parse(body) as { events: { type: string }[] };
      const refused = events.flatMap(({ type }, index) => (type === "observations" ? [{ index, reason: "type" }] : []));
      return Response.json({ accepted: events.length - refused.length, refused });
    });
    client.for({ targetingKey: ON }).value("f", false);
    await client.flush();
    await client.flush();
    expect(client.status()).toMatchObject({ queued: 0, acknowledged: 1, refused: 1 });
    expect(edge.to("/v1/events")).toHaveLength(1);
    await client.close();
  });

  it("records nothing where nothing is recorded", async () => {
    const { client, events } = start(rulesetWith(byUser), { events: false });
    client.for({ targetingKey: ON }).value("f", false);
    await client.close();
    expect(events("observations")).toEqual([]);
  });
});

describe("in a page", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("what was observed goes with what is sent as the page is left", async () => {
    const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
    vi.stubGlobal("document", page);
    vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
    const { client, edge, reported } = start();
    client.for({ targetingKey: ON }).value("f", false);
    client.observe("error");
    page.visibilityState = "hidden";
    page.dispatchEvent(new Event("visibilitychange"));
    await settle();
    expect(reported("error", ON)).toMatchObject([{ units: [ON] }]);
    expect(edge.to("/v1/events").every(({ keepalive }) => keepalive)).toBe(true);
    await client.close();
  });
});
