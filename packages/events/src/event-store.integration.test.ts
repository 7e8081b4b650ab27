import { once } from "node:events";
import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { openClickHouse } from "./connection.ts";
import { day, evaluations, exposure, giveEachTestAStore, query, scope, spent, track, user } from "./fixtures.ts";
import { type EventStore, encodeEvents, openEventStore, type ScopedEvent } from "./index.ts";

type Event = ScopedEvent["event"];

let url: string;
let store: EventStore;

giveEachTestAStore((opened) => {
  ({ url, store } = opened);
});

const append = (...events: Event[]) => store.append(scope, events, new Date("2026-11-23T12:00:00Z"));

describe("append", () => {
  test("counts an event once, however often it is sent", async () => {
    const events = [
      exposure({ unit: "a" }),
      track({ ...user("a"), value: 10 }),
      track({ ...user("a"), value: 5 }),
      evaluations({ count: 3 }),
    ];
    await append(...events);
    await append(...events);
    await append(...events, ...events);
    expect(await store.countEvents(scope)).toEqual({ exposures: 1, tracks: 2, evaluations: 1 });
    const { moments } = await store.moments({ ...query, metrics: [...query.metrics, spent] });
    expect(moments.variants[1]).toMatchObject({
      variant: "on",
      units: 1,
      metrics: {
        bought: { form: "share", n: 1, converted: 1 },
        visited: { form: "share", n: 1, converted: 0 },
        spent: { form: "mean", n: 1, mean: 15, m2: 0 },
      },
    });
    expect(moments.events).toEqual({ bought: 2, visited: 0, spent: 2 });
    const window = { from: new Date(day(1)), to: new Date(day(3)), stepSeconds: 3_600 };
    const counts = await store.evaluationCounts({ ...scope, flag: "button", ...window });
    expect(counts).toMatchObject([{ at: day(2, "12:00:00.000"), variant: "on", count: 3 }]);
  });

  test("keeps environments apart, also within one batch", async () => {
    const receivedMs = Date.now();
    const events = [
      { ...scope, event: exposure(), receivedMs },
      { environmentId: "another", event: exposure({ unit: "b" }), receivedMs },
    ];
    await store.insert([encodeEvents(events)]);
    expect(await store.countEvents(scope)).toMatchObject({ exposures: 1 });
    expect((await store.moments(query)).moments.variants.map((arm) => arm.units)).toEqual([0, 1]);
  });

  test("takes nothing, and rejects when the server is away", async () => {
    await store.append(scope, [], new Date());
    const nowhere = openEventStore({ url: "http://u:p@127.0.0.1:1/telltale" });
    await expect(nowhere.append(scope, [exposure()], new Date())).rejects.toThrow();
    expect(await nowhere.ping()).toBe(false);
    await nowhere.close();
    expect(await store.ping()).toBe(true);
  });

  test("does not wait for a server that hangs to say that it is away", async () => {
    const hanging = createServer(() => {}).listen(0, "127.0.0.1");
    await once(hanging, "listening");
    const address = hanging.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const nobody = openEventStore({ url: `http://u:p@127.0.0.1:${port}/telltale` });
    expect(await nobody.ping()).toBe(false);
    await nobody.close();
    hanging.closeAllConnections();
    hanging.close();
  });

  test("keeps awkward text as it is", async () => {
    const texts = ["ü日本🙂", "tab\tand\nline", 'it\'s "quoted" \\N', "null", "{x:String}"];
    for (const text of texts) {
      await append(
        exposure({ unit: text, attributes: { plan: text, age: 3, vip: true } }),
        track({ units: { targetingKey: text, accountId: `acc ${text}` }, properties: { nested: { text } } }),
      );
    }
    expect((await store.moments(query)).moments.variants[1]).toMatchObject({
      units: texts.length,
      metrics: { bought: { converted: texts.length } },
    });
    const client = openClickHouse(url);
    const result = await client.query({
      query:
        "SELECT unit, attributes, properties FROM exposure_event INNER JOIN track_event USING (unit) ORDER BY length(unit)",
      format: "JSONEachRow",
    });
    const rows = await result.json<{ unit: string; attributes: object; properties: string }>();
    await client.close();
    for (const row of rows) {
      expect(row.attributes).toEqual({ plan: row.unit, age: "3", vip: "true" });
      expect(JSON.parse(row.properties)).toEqual({ nested: { text: row.unit } });
    }
    expect(rows.map((row) => row.unit).sort()).toEqual([...texts].sort());
  });
});

describe("evaluationCounts", () => {
  const window = { from: new Date(day(2, "00:00:00.000")), to: new Date(day(3)), stepSeconds: 3_600 };

  test("adds up by hour and variant from a moment on, before another", async () => {
    await append(
      evaluations({ time: day(2, "10:00:00.000"), count: 2 }),
      evaluations({ time: day(2, "10:59:59.999"), count: 3 }),
      evaluations({ time: day(2, "11:00:00.000"), count: 4 }),
      evaluations({ time: day(2, "10:30:00.000"), count: 5, variant: "off" }),
      evaluations({ time: day(2, "10:30:00.000"), count: 6, flag: "other" }),
      evaluations({ time: day(1), count: 7 }),
      evaluations({ time: day(3), count: 8 }),
    );
    const plain = { rule: "default", reason: "DEFAULT" };
    expect(await store.evaluationCounts({ ...scope, flag: "button", ...window })).toEqual([
      { at: day(2, "10:00:00.000"), variant: "off", ...plain, count: 5 },
      { at: day(2, "10:00:00.000"), variant: "on", ...plain, count: 5 },
      { at: day(2, "11:00:00.000"), variant: "on", ...plain, count: 4 },
    ]);
  });

  test("keeps rules apart, and the reasons of what no rule decided", async () => {
    await append(
      evaluations({ count: 2, rule: "", reason: "DISABLED" }),
      evaluations({ count: 3, rule: "", reason: "DEFAULT" }),
      evaluations({ count: 4, rule: "r1", reason: "SPLIT" }),
    );
    const step = { at: day(2, "12:00:00.000"), variant: "on" };
    expect(await store.evaluationCounts({ ...scope, flag: "button", ...window })).toEqual([
      { ...step, rule: "", reason: "DEFAULT", count: 3 },
      { ...step, rule: "", reason: "DISABLED", count: 2 },
      { ...step, rule: "r1", reason: "SPLIT", count: 4 },
    ]);
  });
});

describe("countEvents", () => {
  test("counts from a moment on, and a track of several units once", async () => {
    await append(
      exposure({ time: day(2) }),
      exposure({ time: day(4) }),
      track({ time: day(4), units: { targetingKey: "a", accountId: "b" } }),
    );
    expect(await store.countEvents(scope)).toEqual({ exposures: 2, tracks: 1, evaluations: 0 });
    expect(await store.countEvents({ ...scope, from: new Date(day(3)) })).toMatchObject({ exposures: 1, tracks: 1 });
  });
});

describe("migrate", () => {
  test("may run again, and several times at once on a new database", async () => {
    await append(exposure());
    await store.migrate([]);
    expect(await store.countEvents(scope)).toMatchObject({ exposures: 1 });

    const elsewhere = url.replace(/\w+$/, "brand_new");
    const stores = Array.from({ length: 4 }, () => openEventStore({ url: elsewhere }));
    await Promise.all(stores.map((one) => one.migrate([])));
    const client = openClickHouse(elsewhere);
    const result = await client.query({
      query: "SELECT version, name FROM schema_migrations FINAL ORDER BY version",
      format: "JSONEachRow",
    });
    expect(await result.json()).toEqual([
      { version: 1, name: "exposures" },
      { version: 2, name: "tracks" },
      { version: 3, name: "evaluations" },
      { version: 4, name: "exposure" },
      { version: 5, name: "track" },
      { version: 6, name: "evaluation" },
      { version: 7, name: "last-seen" },
      { version: 8, name: "move" },
      { version: 9, name: "units" },
      { version: 10, name: "earliest" },
      { version: 11, name: "events-by-id" },
      { version: 12, name: "observations" },
    ]);
    await client.close();
    await Promise.all(stores.map((one) => one.close()));
  });
});
