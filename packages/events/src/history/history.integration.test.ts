import type { MetricDefinition } from "@telltale/configuration";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openClickHouse } from "../connection.ts";
import { createTestStore, day, exposure, scope, query as simple, track, user } from "../fixtures.ts";
import { type EventStore, encodeEvents, type HistoryQuery, MomentsLimitError, type ScopedEvent } from "../index.ts";
import { definitions, encoded, numbers, randomRows, source } from "../reference/fixtures.ts";
import { historyOf } from "../reference/history-of.ts";
import type { StoredEvent } from "../reference/units.ts";

type Event = ScopedEvent["event"];

let store: EventStore;
let url: string;

const window = { ...scope, by: "targetingKey", from: new Date(day(2, "00:00:00.000")), to: new Date(day(20)) };
const sum: MetricDefinition = { kind: "sum", source: source("purchase") };

describe("history of random rows", () => {
  const first = randomRows(9_000, 700, numbers(5));
  // Some were shown another experiment, some were active by events that no metric reads.
  const others = randomRows(600, 900, numbers(6)).map((row): StoredEvent => {
    if (row.type === "exposure") return { ...row, experiment: "other" };
    return row.type === "track" ? { ...row, name: "logout" } : row;
  });
  const rows = [...first, ...others];
  /** A sixth comes again: corrected otherwise (half of them to an earlier time), received later, and in another month. */
  const repeats = rows
    .filter((_, i) => i % 6 === 0)
    .map((row, i) => ({
      ...row,
      at: row.at + (i % 2 === 0 ? 7_200_000 : -7_200_000),
      receivedMs: row.receivedMs + (1 + (i % 40)) * 86_400_000,
    }));
  const metrics = definitions.map((definition, i) => ({ key: `${i} ${definition.kind}`, definition }));
  const query: HistoryQuery = { ...window, metrics };

  beforeAll(async () => {
    ({ store, url } = await createTestStore());
    for (let start = 0; start < rows.length; start += 3_000) {
      await store.insert([encoded(repeats.slice(start / 6, start / 6 + 500))]);
      await store.insert([encoded(rows.slice(start, start + 3_000))]);
    }
    return () => store.close();
  });

  function compare(found: Awaited<ReturnType<EventStore["history"]>>, asked: HistoryQuery) {
    expect(Object.keys(found)).toEqual(asked.metrics.map(({ key }) => key));
    for (const { key, definition } of asked.metrics) {
      const [own, wanted] = [found[key], historyOf([...rows, ...repeats], asked, definition)];
      const flat = (one: typeof own) =>
        one && [one.units, one.value, one.unitVariance, one.skewness, one.proposedCap.y, one.proposedCap.x];
      const [actual, expected] = [flat(own), flat(wanted)];
      expect(
        actual?.map((one) => one === null),
        key,
      ).toEqual(expected?.map((one) => one === null));
      for (const [k, one] of actual?.entries() ?? []) {
        const other = expected?.[k] ?? 0;
        const error = Math.abs((one ?? 0) - other) / Math.max(Math.abs(other), 1e-300);
        expect(error, `${key} [${k}]: ${one} instead of ${other}`).toBeLessThan(1e-9);
      }
    }
  }

  test.each([
    ["of users", {}],
    ["of accounts", { by: "accountId" }],
    ["from the first row to the last", { from: new Date("2026-10-01"), to: new Date("2026-12-31") }],
    ["of a day", { to: new Date(day(3, "00:00:00.000")) }],
    ["of an hour", { to: new Date(day(2, "01:00:00.000")) }],
  ])("is that of the definitions: %s", async (_, parts) => {
    const asked = { ...query, ...parts };
    compare(await store.history(asked), asked);
  });

  test.each(metrics)("is that of the definitions, asked alone: $key", async (metric) => {
    const asked = { ...query, metrics: [metric] };
    compare(await store.history(asked), asked);
  });

  test("proposes caps where there are enough values, and knows nothing of quantiles", async () => {
    const [many, few] = [await store.history(query), await store.history({ ...query, by: "accountId" })];
    for (const { key, definition } of metrics) {
      if (definition.kind === "quantile") expect(many[key]).toBeNull();
      else expect(many[key]?.skewness).toBeGreaterThanOrEqual(1);
    }
    const proposals = [...Object.values(many), ...Object.values(few)].flatMap((one) => one?.proposedCap ?? []);
    expect(proposals.some(({ y, x }) => y !== null && x !== null)).toBe(true);
    expect(proposals.some(({ y, x }) => y !== null && x === null)).toBe(true);
    expect(Object.values(few).some((one) => one !== null && one.units > 100 && one.proposedCap.y === null)).toBe(true);
  });
});

describe("history", () => {
  beforeEach(async () => {
    ({ store, url } = await createTestStore());
    return () => store.close();
  });

  const append = (...events: Event[]) => store.append(scope, events, new Date("2026-12-01T00:00:00Z"));
  const ask = async (definition: MetricDefinition, more: Partial<HistoryQuery> = {}) =>
    (await store.history({ ...window, metrics: [{ key: "it", definition }], ...more })).it;

  test("asks units that had any event in the window, and their events in it", async () => {
    await append(
      track({ ...user("buyer"), value: 4 }),
      track({ ...user("buyer"), value: 100, time: day(1) }),
      track({ ...user("buyer"), value: 100, time: day(21) }),
      track({ ...user("visitor"), name: "visit" }),
      exposure({ unit: "shown", experiment: "any" }),
      exposure({ unit: "account", by: "accountId" }),
      track({ ...user("gone"), time: day(1), value: 100 }),
    );
    await store.append({ environmentId: "another" }, [track(user("stranger"))], new Date(day(30)));
    expect(await ask(sum)).toEqual({
      units: 3,
      value: 4 / 3,
      unitVariance: expect.closeTo((2 * (4 / 3) ** 2 + (8 / 3) ** 2) / 3, 12),
      skewness: expect.closeTo((2 * (4 / 3) ** 3 + (8 / 3) ** 3) / 3 / (32 / 9) ** 1.5, 12),
      proposedCap: { y: null, x: null },
    });
    expect(await ask({ kind: "conversion", source: source("purchase") })).toMatchObject({ units: 3, value: 1 / 3 });
  });

  test("counts a window from a unit's first event of any kind", async () => {
    await append(
      exposure({ unit: "a", experiment: "any" }),
      track({ ...user("a"), value: 1, time: day(2, "12:00:59.999") }),
      track({ ...user("a"), value: 10, time: day(2, "12:01:00.000") }),
      track({ ...user("b"), name: "visit", time: day(1) }),
      track({ ...user("b"), value: 3, time: day(9) }),
    );
    expect(await ask({ ...sum, windowSeconds: 60 })).toMatchObject({ units: 2, value: 2 });
    expect(await ask(sum)).toMatchObject({ units: 2, value: 7 });
  });

  test("leaves out what was repeated but happened before, also what lies unmerged", async () => {
    const client = openClickHouse(url);
    for (const table of ["exposure_event", "track_event"])
      await client.command({ query: `SYSTEM STOP MERGES ${table}` });
    await client.close();
    const from = new Date(day(2));
    const before = Date.parse(day(2, "11:59:59.999"));
    const send = (event: Event, receivedMs: number, atMs = Date.parse(day(2))) =>
      store.insert([encodeEvents([{ ...scope, event, receivedMs, atMs }])]);
    for (const event of [track({ ...user("a"), name: "visit" }), exposure({ unit: "b" }), track(user("c"))]) {
      await send(event, Date.parse(day(2, "12:00:01.000")));
      await send(event, Date.parse("2026-12-03T00:00:00.000Z"), before);
    }
    await send(track({ ...user("d"), value: 2 }), Date.parse(day(3)));
    await send(exposure({ unit: "e" }), Date.parse(day(3)));
    expect(await ask(sum, { from })).toMatchObject({ units: 2, value: 1 });
  });

  test("keeps the digits of a spread of a thousandth beside a mean of 1e12", async () => {
    const values = Array.from({ length: 200 }, (_, i) => 1e12 + ((i % 10) ** 2 - (i % 3)) / 4_096);
    await append(...values.map((value, i) => track({ ...user(`u${i}`), value })));
    const offsets = values.map((value) => value - 1e12);
    const mean = offsets.reduce((total, one) => total + one, 0) / 200;
    const moment = (power: number) => offsets.reduce((total, one) => total + Math.abs(one - mean) ** power, 0) / 200;
    const found = await ask(sum);
    expect((found?.unitVariance ?? 0) / moment(2)).toBeCloseTo(1, 12);
    expect((found?.skewness ?? 0) / (moment(3) / moment(2) ** 1.5)).toBeCloseTo(1, 12);
  });

  test("is taken after a given cap, and proposes one from what was before it", async () => {
    const values = Array.from({ length: 120 }, (_, i) => (i === 0 ? 10_000 : i % 7));
    await append(...values.map((value, i) => track({ ...user(`u${i}`), value })));
    const found = await ask({ ...sum, cap: { at: 5 } });
    const cut = values.map((value) => Math.min(value, 5));
    expect(found?.value).toBeCloseTo(cut.reduce((total, one) => total + one, 0) / 120, 12);
    expect(found?.proposedCap.y).toBeGreaterThan(6);
    expect(found).toMatchObject({ units: 120 });
  });

  test("proposes no cap that cannot be one", async () => {
    await append(...Array.from({ length: 150 }, (_, i) => track({ ...user(`u${i}`), value: -i - 1 })));
    expect(await ask(sum)).toMatchObject({ units: 150, value: -75.5, proposedCap: { y: null, x: null } });
  });

  test("knows nothing where no two units differ, nor of nobody", async () => {
    const kinds: MetricDefinition[] = [
      sum,
      { kind: "conversion", source: source("purchase") },
      { kind: "mean", source: source("purchase") },
      { kind: "retention", source: source("purchase"), fromDay: 1, toDay: 1 },
      { kind: "funnel", steps: [source("purchase"), source("visit")], withinSeconds: 60 },
      { kind: "quantile", source: source("purchase"), level: 0.5, per: "unit", includeZeros: true },
    ];
    const metrics = kinds.map((definition, i) => ({ key: `${i}`, definition }));
    const none = { 0: null, 1: null, 2: null, 3: null, 4: null, 5: null };
    expect(await store.history({ ...window, metrics })).toEqual(none);
    await append(exposure({ unit: "a" }), exposure({ unit: "b" }));
    expect(await store.history({ ...window, metrics })).toEqual(none);
    await append(track({ ...user("a"), value: 1e300 }), track({ ...user("b"), value: 1e300 }));
    expect(await store.history({ ...window, metrics })).toEqual(none);
    expect(await store.history({ ...window, metrics: [] })).toEqual({});
    expect(await store.history({ ...window, metrics, to: new Date(0) })).toEqual(none);
  });

  test("stays finite whatever values come", async () => {
    await append(track({ value: 1e300 }), track({ ...user("b"), value: -1e300 }), exposure({ unit: "c" }));
    expect(await ask(sum)).toMatchObject({ units: 3, value: 0, unitVariance: expect.closeTo((2 / 3) * 2 ** 106, -20) });
  });

  test("ends at its limits by a typed error, and by a signal", async () => {
    const client = openClickHouse(url);
    await client.command({
      query: `INSERT INTO exposure_event (environmentId, id, at, clock, received, experiment, flag, variant, unit, by, version)
        SELECT '${scope.environmentId}', toString(number), toDateTime64('2026-11-02 12:00:00', 3, 'UTC') AS t, t, t, 'button', 'button', 'on', toString(number), 'targetingKey', 1 FROM numbers(400000)`,
    });
    await client.close();
    const query = { ...window, metrics: simple.metrics };
    const late = store.history({ ...query, limitSeconds: 0.001 });
    await expect(late).rejects.toBeInstanceOf(MomentsLimitError);
    await expect(late).rejects.toMatchObject({ reason: "time" });
    const greedy = store.history({ ...query, limitMemoryShare: 0.002 });
    await expect(greedy).rejects.toMatchObject({ name: "MomentsLimitError", reason: "memory" });
    expect(await store.history({ ...query, limitMemoryShare: 0.25 })).toEqual({ bought: null, visited: null });
    await expect(store.history(query, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
  });
});
