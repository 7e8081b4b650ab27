import { describe, expect, test } from "vitest";
import { openClickHouse } from "./connection.ts";
import { type EncodedEvents, EVENT_KINDS, encodeEvents, type ScopedEvent } from "./encode.ts";
import { day, evaluations, exposure, giveEachTestAStore, query, scope, spent, track } from "./fixtures.ts";
import { type EventStore, openEventStore } from "./index.ts";

let url: string;
let store: EventStore;
const staging = { environmentId: "staging-of-shop" };
const RECEIVED = Date.parse(day(2, "12:00:10.000"));

giveEachTestAStore((opened) => {
  ({ url, store } = opened);
});

const encode = (event: ScopedEvent["event"], more: Partial<ScopedEvent> = {}): EncodedEvents =>
  encodeEvents([{ ...scope, event, receivedMs: RECEIVED, ...more }]);
const command = async (...queries: string[]) => {
  const client = openClickHouse(url);
  for (const query of queries) await client.command({ query });
  await client.close();
};

describe("an event sent again", () => {
  /** The same events by three ways: corrected differently, a month later, and as a spool's replay. */
  async function sendThrice() {
    const events = [exposure({ unit: "a" }), track({ units: { targetingKey: "a" }, value: 10 }), evaluations()];
    const first = events.map((event) => encode(event));
    await store.insert(first);
    const later = { receivedMs: RECEIVED + 30 * 86_400_000, atMs: RECEIVED + 5_000 };
    for (const event of events) await store.insert([encode(event, later)]);
    await store.insert(first);
  }
  async function ask() {
    const window = { ...scope, from: new Date(day(1)), to: new Date("2027-01-01T00:00:00Z") };
    return {
      counts: await store.countEvents(scope),
      hours: await store.evaluationCounts({ ...window, flag: "button", stepSeconds: 3_600 }),
      lag: (await store.ingestionLag(window))?.events,
      moments: (await store.moments({ ...query, metrics: [spent], to: window.to })).moments.variants[1],
    };
  }
  const once = {
    counts: { exposures: 1, tracks: 1, evaluations: 1 },
    hours: [{ at: day(2, "12:00:00.000"), variant: "on", rule: "default", reason: "DEFAULT", count: 1 }],
    lag: 3,
    moments: { units: 1, metrics: { spent: { n: 1, mean: 10 } } },
  };

  test("is counted once by every query before parts are merged, and keeps the earliest of its times", async () => {
    for (const kind of EVENT_KINDS) await command(`SYSTEM STOP MERGES ${kind}_event`);
    await sendThrice();
    expect(await ask()).toMatchObject(once);
  });

  test("and after", async () => {
    await sendThrice();
    await command(...EVENT_KINDS.map((kind) => `OPTIMIZE TABLE ${kind}_event FINAL`));
    expect(await ask()).toMatchObject(once);
  });
});

describe("usage", () => {
  test("counts by minute, flag and rule", async () => {
    const at = (time: string, more = {}) => encode(evaluations({ time: day(2, time), ...more }));
    await store.insert([
      at("11:00:00.000", { count: 2 }),
      at("11:00:59.999", { count: 3 }),
      at("11:01:00.000", { rule: "r1" }),
      at("11:01:30.000", { flag: "other" }),
      at("11:02:00.000"),
    ]);
    const [from, to] = [new Date(day(2, "11:00:00.000")), new Date(day(2, "11:02:00.000"))];
    const ask = (flag: string) => store.evaluationCounts({ ...scope, flag, from, to, stepSeconds: 60 });
    const answer = { variant: "on", reason: "DEFAULT" };
    expect(await ask("button")).toEqual([
      { at: day(2, "11:00:00.000"), ...answer, rule: "default", count: 5 },
      { at: day(2, "11:01:00.000"), ...answer, rule: "r1", count: 1 },
    ]);
    expect(await ask("other")).toEqual([{ at: day(2, "11:01:00.000"), ...answer, rule: "default", count: 1 }]);
  });

  test("says when each flag was last seen, by environment and SDK, whatever comes late", async () => {
    const seen = (time: string, sdk: string, more = {}) =>
      encode(evaluations({ time: day(2, time) }), { sdk, ...more });
    await store.insert([seen("11:00:00.000", "js/1.0"), seen("11:30:00.000", "js/1.1")]);
    await store.insert([seen("10:00:00.000", "js/1.0"), seen("09:00:00.000", "", staging)]);
    await store.insert([encode(evaluations({ time: day(2), flag: "other" }), { sdk: "js/2.0" })]);
    await store.insert([encode(evaluations(), { environmentId: "another" })]);
    const environmentIds = [scope.environmentId, staging.environmentId];
    expect(await store.lastSeen({ environmentIds })).toEqual([
      { flag: "button", ...scope, at: day(2, "11:30:00.000") },
      { flag: "button", ...staging, at: day(2, "09:00:00.000") },
      { flag: "other", ...scope, at: day(2) },
    ]);
    expect(await store.lastSeen({ environmentIds: ["nobody's"] })).toEqual([]);
    expect(await store.lastSeen({ environmentIds: [] })).toEqual([]);
    expect(await store.lastSeenBySdk({ ...scope, flag: "button" })).toEqual([
      { sdk: "js/1.1", at: day(2, "11:30:00.000") },
      { sdk: "js/1.0", at: day(2, "11:00:00.000") },
    ]);
    expect(await store.lastSeenBySdk({ ...staging, flag: "button" })).toEqual([
      { sdk: "", at: day(2, "09:00:00.000") },
    ]);
    expect(await store.lastSeenBySdk({ ...scope, flag: "nobody's" })).toEqual([]);
  });

  test("measures how long events take to arrive and to be stored", async () => {
    const from = new Date(RECEIVED - 60_000);
    expect(await store.ingestionLag({ ...scope, from })).toBeUndefined();
    const before = Date.now();
    await store.insert([encode(track({ time: day(2, "12:00:07.500") })), encode(exposure({ time: day(2) }))]);
    const lag = await store.ingestionLag({ ...scope, from });
    expect(lag).toMatchObject({ events: 2, newest: day(2, "12:00:10.000") });
    expect([lag?.toReceived.p50, lag?.toReceived.p99]).toEqual([6_250, expect.closeTo(9_925, 0)]);
    expect(lag?.toStored.p50).toBeGreaterThanOrEqual(before - RECEIVED);
  });
});

describe("the schema", () => {
  const text = async (table: string) => {
    const client = openClickHouse(url);
    const result = await client.query({ query: `SHOW CREATE TABLE ${table}`, format: "TabSeparatedRaw" });
    const text = await result.text();
    await client.close();
    return text;
  };

  test("lets events leave after the retention, and follows it when it changes", async () => {
    expect(await text("exposure_event")).toContain("TTL toDateTime(received) + toIntervalDay(395)");
    const shorter = openEventStore({ url, retentionDays: 7 });
    await shorter.migrate([]);
    await shorter.close();
    for (const table of ["exposure", "track_event", "evaluation_event", "observation_event", "last_evaluation"]) {
      expect(await text(table)).toContain("toIntervalDay(7)");
    }
    const now = Date.now();
    await store.insert([encode(track(), { receivedMs: now - 9 * 86_400_000 })]);
    await store.insert([encode(track(), { receivedMs: now })]);
    await command("OPTIMIZE TABLE track_event FINAL");
    expect(await store.countEvents(scope)).toMatchObject({ tracks: 1 });
  });
});
