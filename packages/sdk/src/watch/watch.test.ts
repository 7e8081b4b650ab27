import { afterEach, describe, expect, it, vi } from "vitest";
import { frame, settle } from "../fakes.ts";
import { arm, byUser, OFF, ON, rulesetWith, start } from "./fakes.ts";

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

  it("adds values up, and takes those above the threshold for failures; without one all but latencies", async () => {
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
    const failing = { halvings: 0, units: [ON] };
    expect(reported("size", ON)).toEqual([{ ...on, ...failing, metric: "size", count: 1, sum: 1e9, squares: 1e18 }]);
    expect(reported("huge", ON)).toEqual([{ ...on, ...failing, metric: "huge", count: 2 }]);
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
