import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { day, exposure, query, scope, startTestServer, type TestServer, track, user } from "./fixtures.ts";
import type { EventStore, ScopedEvent } from "./index.ts";

type Event = ScopedEvent["event"];

let server: TestServer;
let store: EventStore;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.[Symbol.asyncDispose]());

beforeEach(async () => {
  ({ store } = await server.createStore());
  return () => store.close();
});

const append = (...events: Event[]) => store.append(scope, events, new Date("2026-12-01T00:00:00Z"));

describe("moments", () => {
  test("are zeros and nothing else without events", async () => {
    const none = { n: 0, converted: 0, sum: 0, sumSquares: 0 };
    expect(await store.moments(query)).toEqual({
      variants: ["off", "on"].map((variant) => ({ variant, units: 0, metrics: { bought: none, visited: none } })),
      severalVariants: 0,
      series: [],
      rows: 0,
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
    const moments = await store.moments(query);
    expect(moments.severalVariants).toBe(1);
    expect(moments.variants.map((arm) => [arm.units, arm.metrics.bought?.converted])).toEqual([
      [1, 0],
      [0, 0],
    ]);
    expect(moments.firstExposure).toBe(day(2));
  });

  test("count what happened at or after the first exposure, and before the end", async () => {
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
    const moments = await store.moments(query);
    expect(moments.variants[1]?.metrics.bought).toEqual({ n: 4, converted: 2, sum: 6, sumSquares: 26 });
    expect(moments.lastEvent).toBe(day(6));
  });

  test("join on the experiment's own kind of unit", async () => {
    await append(
      exposure({ unit: "acme", by: "accountId" }),
      exposure({ unit: "acme" }),
      track({ units: { targetingKey: "u-9", accountId: "acme" }, value: 4 }),
      track({ units: {}, value: 9 }),
    );
    const byAccount = await store.moments({ ...query, by: "accountId" });
    expect(byAccount.variants[1]?.metrics.bought).toEqual({ n: 1, converted: 1, sum: 4, sumSquares: 16 });
    expect((await store.moments(query)).variants[1]?.metrics.bought).toMatchObject({ n: 1, converted: 0 });
    expect(await store.countEvents(scope)).toMatchObject({ tracks: 2 });
  });

  test("give two metrics of one event the same numbers, and an experiment without metrics its units", async () => {
    await append(exposure(), track({ value: 2 }));
    const twice = await store.moments({
      ...query,
      metrics: [
        { key: "a", eventName: "purchase" },
        { key: "b", eventName: "purchase" },
      ],
    });
    expect(twice.variants[1]?.metrics).toEqual({
      a: { n: 1, converted: 1, sum: 2, sumSquares: 4 },
      b: { n: 1, converted: 1, sum: 2, sumSquares: 4 },
    });
    expect(twice.series[0]?.metrics).toEqual({
      a: { converted: 1, cohortConverted: 1 },
      b: { converted: 1, cohortConverted: 1 },
    });
    expect((await store.moments({ ...query, metrics: [] })).variants[1]).toEqual({
      variant: "on",
      units: 1,
      metrics: {},
    });
  });

  test("tell by step when units came and when they converted", async () => {
    await append(
      exposure({ unit: "a", time: day(2, "23:59:59.999") }),
      exposure({ unit: "b", time: day(3, "00:00:00.000"), variant: "off" }),
      track({ ...user("a"), time: day(5) }),
      track({ ...user("a"), time: day(6) }),
      track({ ...user("b"), time: day(3) }),
    );
    const none = { converted: 0, cohortConverted: 0 };
    expect((await store.moments(query)).series).toEqual([
      {
        at: "2026-11-02T00:00:00Z",
        variant: "on",
        units: 1,
        metrics: { bought: { converted: 0, cohortConverted: 1 }, visited: none },
      },
      {
        at: "2026-11-03T00:00:00Z",
        variant: "off",
        units: 1,
        metrics: { bought: { converted: 1, cohortConverted: 1 }, visited: none },
      },
      {
        at: "2026-11-05T00:00:00Z",
        variant: "on",
        units: 0,
        metrics: { bought: { converted: 1, cohortConverted: 0 }, visited: none },
      },
    ]);
  });
});

/** The definition, word for word: slow and plain. */
function expected(events: Event[]) {
  const units = new Map<string, { first: string; variants: Set<string> }>();
  for (const event of events) {
    if (event.type !== "exposure") continue;
    const known = units.get(event.unit) ?? { first: event.time, variants: new Set() };
    if (event.time < known.first) known.first = event.time;
    known.variants.add(event.variant);
    units.set(event.unit, known);
  }
  const sums = new Map<string, Map<string, number>>();
  for (const event of new Map(events.map((one) => [one.id, one])).values()) {
    if (event.type !== "track") continue;
    const unit = event.units.targetingKey ?? "";
    const known = units.get(unit);
    if (known === undefined || known.variants.size > 1 || event.time < known.first) continue;
    const own = sums.get(event.name) ?? new Map<string, number>();
    own.set(unit, (own.get(unit) ?? 0) + (event.value ?? 0));
    sums.set(event.name, own);
  }
  return query.variants.map((variant) => {
    const members = [...units].filter(([, unit]) => unit.variants.size === 1 && unit.variants.has(variant));
    const metrics = query.metrics.map(({ key, eventName }) => {
      const totals = members.flatMap(([unit]) => sums.get(eventName)?.get(unit) ?? []);
      const squares = totals.map((total) => total * total);
      const add = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
      return [key, { n: members.length, converted: totals.length, sum: add(totals), sumSquares: add(squares) }];
    });
    return { variant, units: members.length, metrics: Object.fromEntries(metrics) };
  });
}

/** A repeatable stream of numbers below `limit`. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function randomEvents(count: number, unitCount: number, next: (limit: number) => number): Event[] {
  return Array.from({ length: count }, () => {
    const unit = `ü-${next(unitCount)}`;
    const time = new Date(Date.UTC(2026, 10, 1) + next(28 * 86_400_000)).toISOString();
    if (next(2) === 0) {
      const home = Number(unit.slice(2)) % 2 === 0 ? "on" : "off";
      return exposure({ unit, time, variant: next(50) === 0 ? "off" : home });
    }
    return track({ ...user(unit), time, name: next(3) === 0 ? "visit" : "purchase", value: next(100) });
  });
}

describe("100,000 random events, a tenth of them sent twice", () => {
  test("agree with the definition, and the steps add up to the totals", async () => {
    const events = randomEvents(100_000, 40_000, numbers(7));
    for (let start = 0; start < events.length; start += 10_000) {
      const batch = events.slice(start, start + 10_000);
      await append(...batch);
      await append(...batch.slice(0, 1_000));
    }
    const moments = await store.moments(query);
    expect(moments.variants).toEqual(expected(events));
    expect(moments.severalVariants).toBeGreaterThan(100);
    for (const arm of moments.variants) {
      const steps = moments.series.filter((entry) => entry.variant === arm.variant);
      expect(steps.reduce((total, entry) => total + entry.units, 0)).toBe(arm.units);
      for (const { key } of query.metrics) {
        const add = (of: "converted" | "cohortConverted") =>
          steps.reduce((total, entry) => total + (entry.metrics[key]?.[of] ?? 0), 0);
        expect(add("converted")).toBe(arm.metrics[key]?.converted);
        expect(add("cohortConverted")).toBe(arm.metrics[key]?.converted);
      }
    }
  });
});
