import type { MetricDefinition } from "@telltale/configuration";
import { describe, expect, test } from "vitest";
import { openClickHouse } from "./connection.ts";
import { day, exposure, giveEachTestAStore, query, scope, track, user } from "./fixtures.ts";
import { type EventStore, encodeEvents, MomentsLimitError, type ScopedEvent } from "./index.ts";
import { source } from "./reference/fixtures.ts";

type Event = ScopedEvent["event"];

let store: EventStore;
let url: string;

giveEachTestAStore((opened) => {
  ({ store, url } = opened);
});

const append = (...events: Event[]) => store.append(scope, events, new Date("2026-12-01T00:00:00Z"));
const sum: MetricDefinition = { kind: "sum", source: source("purchase") };
const ask = async (definition: MetricDefinition, more = {}) => {
  const asked = await store.moments({ ...query, metrics: [{ key: "it", definition }], ...more });
  return { ...asked.moments, on: asked.moments.variants[1]?.metrics.it };
};

describe("moments", () => {
  test("are zeros and nothing else without events", async () => {
    const none = { form: "share", n: 0, converted: 0 };
    const { moments } = await store.moments(query);
    expect(moments).toEqual({
      variants: ["off", "on"].map((variant) => ({ variant, units: 0, metrics: { bought: none, visited: none } })),
      severalVariants: 0,
      series: [],
      caps: {},
      events: { bought: 0, visited: 0 },
    });
  });

  test("leave out a unit that was seen in several variants, and say how many", async () => {
    await append(
      exposure({ unit: "a", variant: "on" }),
      exposure({ unit: "a", variant: "off", time: day(3) }),
      exposure({ unit: "b", variant: "off" }),
      exposure({ unit: "b", variant: "off", time: day(4) }),
      exposure({ unit: "c", variant: "retired" }),
      track(user("a")),
    );
    const { moments } = await store.moments(query);
    expect(moments.severalVariants).toBe(1);
    expect(moments.variants.map(({ units, metrics }) => [units, metrics.bought])).toEqual([
      [1, { form: "share", n: 1, converted: 0 }],
      [0, { form: "share", n: 0, converted: 0 }],
    ]);
    expect(moments.events.bought).toBe(1);
    expect(moments.firstExposure).toBe(day(2));
    expect(moments.lastEvent).toBe(day(2));
  });

  test("count what happened at or after the first exposure, and until the end", async () => {
    await append(
      exposure({ unit: "before", time: day(2, "12:00:00.001") }),
      track({ ...user("before"), time: day(2, "12:00:00.000"), value: 100 }),
      exposure({ unit: "same", time: day(2, "12:00:00.001") }),
      track({ ...user("same"), time: day(2, "12:00:00.001"), value: 1 }),
      exposure({ unit: "both", time: day(3) }),
      exposure({ unit: "both", time: day(5) }),
      track({ ...user("both"), time: day(2), value: 100 }),
      track({ ...user("both"), time: day(4), value: 2 }),
      track({ ...user("both"), time: day(6), value: 3 }),
      track({ ...user("stranger"), time: day(6), value: 100 }),
      exposure({ unit: "late" }),
      track({ ...user("late"), time: "2026-12-01T00:00:00.000Z", value: 100 }),
    );
    const moments = await ask(sum);
    expect(moments.on).toMatchObject({ n: 4, mean: 1.5, m2: 1 + 25 - 4 * 1.5 ** 2 });
    expect(moments.lastEvent).toBe(day(6));
    expect(moments.events.it).toBe(6);
  });

  test("end a window before its last millisecond is over, and count the time before exposure back from it", async () => {
    await append(
      exposure(),
      track({ time: day(2, "12:00:59.999"), value: 1 }),
      track({ time: day(2, "12:01:00.000"), value: 10 }),
      track({ time: day(2, "11:59:59.999"), value: 100 }),
      track({ time: day(1), value: 1_000 }),
      track({ time: day(1, "11:59:59.999"), value: 10_000 }),
    );
    const moments = await ask({ ...sum, windowSeconds: 60 }, { beforeDays: 1, from: new Date(day(2, "00:00:00.000")) });
    expect(moments.on).toMatchObject({ n: 1, mean: 1, before: { meanY: 1, meanX: 1_100 } });
    expect(moments.events.it).toBe(3);
  });

  test("leave out what was repeated but happened before, also what lies unmerged", async () => {
    const from = new Date(day(2));
    const early = { time: day(2, "11:59:59.999") };
    const [shown, bought] = [exposure({ unit: "a" }), track({ ...user("c"), value: 1 })];
    const send = (event: Event, more = {}) =>
      store.insert([encodeEvents([{ ...scope, event, receivedMs: Date.parse(day(2, "12:00:01.000")), ...more }])]);
    const client = openClickHouse(url);
    for (const table of ["exposure_event", "track_event"])
      await client.command({ query: `SYSTEM STOP MERGES ${table}` });
    await client.close();
    for (const event of [shown, bought, exposure({ unit: "b" }), exposure({ unit: "c" })]) await send(event);
    await send(exposure({ unit: "b", ...early }));
    const late = { receivedMs: Date.parse(day(9)), atMs: Date.parse(early.time) };
    for (const event of [shown, bought]) await send(event, late);
    const found = await ask(sum, { from });
    expect(found.on).toMatchObject({ n: 2, mean: 0 });
    expect(found.events.it).toBe(0);
    expect(found.firstExposure).toBe(day(2));
  });

  test("keep the earliest time of a repeat when parts are merged", async () => {
    const shown = exposure({ unit: "a" });
    const send = (second: number, atMs: number) =>
      store.insert([encodeEvents([{ ...scope, event: shown, receivedMs: Date.parse(day(2)) + second * 1_000, atMs }])]);
    await send(1, Date.parse(day(2)));
    await send(9, Date.parse(day(2, "11:00:00.000")));
    const client = openClickHouse(url);
    await client.command({ query: "OPTIMIZE TABLE exposure_event FINAL" });
    await client.close();
    expect((await store.moments(query)).moments.firstExposure).toBe(day(2, "11:00:00.000"));
  });

  test("join on the experiment's own kind of unit", async () => {
    await append(
      exposure({ unit: "acme", by: "accountId" }),
      exposure({ unit: "acme" }),
      track({ units: { targetingKey: "u-9", accountId: "acme" }, value: 4 }),
      track({ units: {}, value: 9 }),
    );
    expect((await ask(sum, { by: "accountId" })).on).toMatchObject({ n: 1, mean: 4 });
    expect((await ask(sum)).on).toMatchObject({ n: 1, mean: 0 });
    expect(await store.countEvents(scope)).toMatchObject({ tracks: 2 });
  });

  test("keep the digits of a spread of a thousandth beside a mean of 1e12", async () => {
    const values = Array.from({ length: 200 }, (_, i) => 1e12 + (i % 9) / 1_024);
    await append(...values.flatMap((value, i) => [exposure({ unit: `u${i}` }), track({ ...user(`u${i}`), value })]));
    const offsets = values.map((value) => value - 1e12);
    const mean = offsets.reduce((total, one) => total + one, 0) / 200;
    const m2 = offsets.reduce((total, one) => total + (one - mean) ** 2, 0);
    const { on } = await ask(sum);
    if (on?.form !== "mean") throw new Error("A sum has the moments of a mean.");
    expect(on.m2 / m2).toBeCloseTo(1, 12);
    expect(on.mean).toBe(1e12 + mean);
  });

  test("stay finite whatever values come", async () => {
    await append(exposure(), track({ value: 1e300 }), exposure({ unit: "b" }), track({ ...user("b"), value: -1e300 }));
    const { on } = await ask(sum);
    expect(on).toMatchObject({ n: 2, mean: 0, m2: 2 * 2 ** 106 });
    expect(JSON.stringify(on)).not.toMatch(/null|Infinity|NaN/);
  });

  test("spread units over buckets that hold their lower end", async () => {
    const values = [0, 1, 1.24, 1.25, 3, -1, -1.25, 1e-9];
    await append(...values.flatMap((value, i) => [exposure({ unit: `u${i}` }), track({ ...user(`u${i}`), value })]));
    expect((await ask(sum)).on).toMatchObject({
      histogram: [
        { from: -1.25, to: -1, units: 1 },
        { from: -1, to: -0.875, units: 1 },
        { from: 0, to: 2 ** -20, units: 2 },
        { from: 1, to: 1.25, units: 2 },
        { from: 1.25, to: 1.5, units: 1 },
        { from: 3, to: 3.5, units: 1 },
      ],
    });
  });

  test("take names and values as they are", async () => {
    const odd = 'it\'s "x"\\ {p0:String} -- \n🙂';
    await append(
      exposure({ experiment: odd, attributes: { [odd]: odd } }),
      track({ name: odd, properties: { [odd]: odd } }),
    );
    const where = [
      { property: odd, op: "in" as const, values: [odd] },
      { property: odd, op: "endsWith" as const, values: ["🙂"] },
    ];
    const found = await ask({ kind: "conversion", source: source(odd, ...where) }, { experiment: odd, breakdown: odd });
    expect(found.on).toMatchObject({ n: 1, converted: 1 });
    expect(found.breakdown?.[0]).toMatchObject({ value: odd });
    const { query: asked } = await store.moments({ ...query, experiment: odd });
    expect(asked.text).not.toContain(odd);
    expect(Object.values(asked.parameters)).toContain(odd);
  });
});

describe("limits", () => {
  const slow = async () => {
    const client = openClickHouse(url);
    await client.command({
      query: `INSERT INTO exposure_event (environmentId, id, at, clock, received, experiment, flag, variant, unit, by, version)
        SELECT '${scope.environmentId}', toString(number), toDateTime64('2026-11-02 12:00:00', 3, 'UTC') AS t, t, t, 'button', 'button', 'on', toString(number), 'targetingKey', 1 FROM numbers(400000)`,
    });
    await client.close();
  };

  test("are told by a typed error, and a signal ends the wait", async () => {
    await slow();
    const late = store.moments({ ...query, limitSeconds: 0.001 });
    await expect(late).rejects.toBeInstanceOf(MomentsLimitError);
    await expect(late).rejects.toMatchObject({ reason: "time", message: expect.stringContaining("longer") });
    await expect(store.moments(query, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
    const controller = new AbortController();
    const aborted = store.moments(query, controller.signal);
    controller.abort();
    await expect(aborted).rejects.toThrow(/abort/i);
    expect((await store.moments(query)).moments.variants[1]?.units).toBe(400_000);
  });
});

describe("a share of memory", () => {
  const crowd = async () => {
    const client = openClickHouse(url);
    const place = `SELECT '${scope.environmentId}', toString(number), toDateTime64('2026-11-02 12:00:00', 3, 'UTC') AS t, t, t`;
    await client.command({
      query: `INSERT INTO exposure_event (environmentId, id, at, clock, received, experiment, flag, variant, unit, by, version)
        ${place}, 'button', 'button', if(number % 2 = 0, 'off', 'on'), toString(number), 'targetingKey', 1 FROM numbers(200000)`,
    });
    await client.command({
      query: `INSERT INTO track_event (environmentId, id, at, clock, received, name, value, properties, by, unit)
        ${place}, 'purchase', number % 9, '{}', 'targetingKey', toString(number % 150000) FROM numbers(400000)`,
    });
    await client.close();
  };

  test("is a question's own: beyond it that question ends, by its own fault", async () => {
    await crowd();
    const greedy = store.moments({ ...query, limitMemoryShare: 0.002 });
    await expect(greedy).rejects.toBeInstanceOf(MomentsLimitError);
    await expect(greedy).rejects.toMatchObject({ reason: "memory" });
    expect((await store.moments({ ...query, limitMemoryShare: 0.25 })).moments.variants[1]?.units).toBe(100_000);
  });

  test("changes no digit of what fits into it only by way of the disk", async () => {
    await crowd();
    const metrics = [{ key: "spent", definition: sum }, ...query.metrics];
    const { moments } = await store.moments({ ...query, metrics });
    expect(moments.variants[0]?.metrics.spent).toMatchObject({ n: 100_000 });
    expect((await store.moments({ ...query, metrics, limitMemoryShare: 0.04 })).moments).toEqual(moments);
  });
});

describe("hasAttribute", () => {
  test("tells what exposures of this experiment carry from what none does", async () => {
    await append(
      exposure({ attributes: { country: "" } }),
      exposure({ unit: "b", experiment: "other", attributes: { plan: "pro" } }),
      exposure({ unit: "c", by: "accountId", attributes: { size: "S" } }),
    );
    const has = (attribute: string) => store.hasAttribute(query, attribute);
    expect(await has("country")).toBe(true);
    for (const attribute of ["plan", "size", "invented", "", "it's"])
      expect(await has(attribute), attribute).toBe(false);
  });
});

describe("newsSince", () => {
  test("sees exposures and events of the metrics' names, and nothing else", async () => {
    const encode = (event: Event) => encodeEvents([{ ...scope, event, receivedMs: Date.parse(day(3)) }]);
    const since = async () => {
      const client = openClickHouse(url);
      const result = await client.query({
        query: "SELECT toUnixTimestamp64Milli(now64(3)) AS now",
        format: "JSONEachRow",
      });
      const [row] = await result.json<{ now: string }>();
      await client.close();
      return new Date(Number(row?.now));
    };
    await store.insert([encode(exposure()), encode(track())]);
    const [long, now] = [new Date(day(1)), new Date((await since()).getTime() + 1)];
    expect(await store.newsSince(query, long)).toBe(true);
    expect(await store.newsSince(query, now)).toBe(false);
    await expect.poll(async () => (await since()) > now).toBe(true);
    await store.insert([encode(track({ name: "other" })), encode(exposure({ experiment: "other" }))]);
    expect(await store.newsSince(query, now)).toBe(false);
    await store.insert([encode(track({ name: "visit" }))]);
    expect(await store.newsSince(query, now)).toBe(true);
    expect(await store.newsSince({ ...query, metrics: [] }, now)).toBe(false);
    await store.insert([encode(exposure({ unit: "b" }))]);
    expect(await store.newsSince({ ...query, metrics: [] }, now)).toBe(true);
  });
});
