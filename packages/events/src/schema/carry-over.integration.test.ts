import { describe, expect, test } from "vitest";
import { openClickHouse } from "../connection.ts";
import { type EncodedEvents, encodeEvents, type ScopedEvent } from "../encode.ts";
import { day, evaluations, exposure, giveEachTestAStore, query, track } from "../fixtures.ts";
import type { EventStore } from "../index.ts";

let url: string;
let store: EventStore;

giveEachTestAStore((opened) => {
  ({ url, store } = opened);
});

const production = { project: "shop", environment: "production", environmentId: "e-production" };
const staging = { project: "shop", environment: "staging", environmentId: "e-staging" };
const RECEIVED = Date.parse(day(2, "12:00:10.000"));

/** What there was before events were stored by id. */
const KINDS = ["exposure", "track", "evaluation"] as const;
type Kind = (typeof KINDS)[number];

/** Events as an edge of the release before wrote them: lines began with two keys instead of an id. */
function byKeys(
  { project, environment }: { project: string; environment: string },
  ...events: ScopedEvent["event"][]
): EncodedEvents {
  const scoped = events.map((event) => ({ environmentId: "ID", event, receivedMs: RECEIVED, sdk: "js/1" }));
  const encoded = encodeEvents(scoped);
  const old = (kind: Kind) =>
    Buffer.from(Buffer.from(encoded.lines[kind]).toString().replace(/^ID\t/gm, `${project}\t${environment}\t`));
  const lines = {
    exposure: old("exposure"),
    track: old("track"),
    evaluation: old("evaluation"),
    observation: Buffer.of(),
  };
  return { ...encoded, lines, isByKeys: true };
}
const oneOfEach = (id: string) => [
  exposure({ id: `x-${id}`, unit: id }),
  track({ id: `t-${id}`, units: { targetingKey: id, accountId: `account of ${id}` }, value: 4 }),
  evaluations({ id: `v-${id}` }),
];

async function run<T>(work: (client: ReturnType<typeof openClickHouse>) => Promise<T>): Promise<T> {
  const client = openClickHouse(url);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
const command = (...queries: string[]) =>
  run(async (client) => {
    for (const query of queries) await client.command({ query });
  });
const rows = (query: string) =>
  run(async (client) => await (await client.query({ query, format: "JSONEachRow" })).json<Record<string, unknown>>());

/** What is known of an environment, by every question whose answer has numbers of events in it. */
async function ask({ environmentId }: { environmentId: string }) {
  const scope = { environmentId };
  const window = { from: new Date(day(1)), to: new Date(day(20)) };
  const { moments } = await store.moments({ ...query, ...scope });
  const evaluated = await store.evaluationCounts({ ...scope, ...window, flag: "button", stepSeconds: 86_400 });
  return {
    counts: await store.countEvents(scope),
    units: moments.variants[1]?.units,
    bought: moments.events.bought,
    evaluated: evaluated.reduce((sum, { count }) => sum + count, 0),
    seen: await store.lastSeenBySdk({ ...scope, flag: "button" }),
    lag: (await store.ingestionLag({ ...scope, from: window.from }))?.events,
  };
}
const of = (n: number) => ({
  counts: { exposures: n, tracks: n, evaluations: n },
  units: n,
  bought: n,
  evaluated: n,
  seen: n === 0 ? [] : [{ sdk: "js/1", at: day(2) }],
  // A track of two units is two rows.
  lag: n === 0 ? undefined : 4 * n,
});
const unmapped = (project: string, environment: string, count: number) => ({ project, environment, rows: 4 * count });

describe("events by keys", () => {
  test("are carried over to the environments that the keys meant; what no environment is known for stays", async () => {
    const gone = { project: "gone", environment: "production" };
    await store.insert([byKeys(production, ...oneOfEach("a"), ...oneOfEach("b")), byKeys(staging, ...oneOfEach("a"))]);
    await store.insert([byKeys(gone, ...oneOfEach("c"))]);
    expect(await store.migrate([production, staging])).toEqual([unmapped("gone", "production", 1)]);
    expect(await ask(production)).toEqual(of(2));
    expect(await ask(staging)).toEqual(of(1));
    // The environment is back, or was told of late: nothing was lost.
    expect(await store.migrate([{ ...gone, environmentId: "e-gone" }])).toEqual([]);
    expect(await ask({ environmentId: "e-gone" })).toEqual(of(1));
  });

  test("keep all that was known of them", async () => {
    const common = "id, at, clock, received, stored, earliness";
    const columns = {
      exposure: `${common}, unit, experiment, flag, variant, by, version, attributes`,
      track: `${common}, unit, name, value, properties, by, others`,
      evaluation: `${common}, flag, variant, rule, reason, version, count, sdk`,
    };
    const all = async (table: (kind: Kind) => string) =>
      await Promise.all(KINDS.map((kind) => rows(`SELECT ${columns[kind]} FROM ${table(kind)} ORDER BY ALL`)));
    await store.insert([byKeys(production, ...oneOfEach("a"))]);
    for (const kind of KINDS) {
      // Stored long ago, as nobody can be any more by an insert.
      await command(
        `ALTER TABLE ${kind} UPDATE stored = '2026-11-02 12:00:11.123' WHERE true SETTINGS mutations_sync = 2`,
      );
    }
    const before = await all((kind) => kind);
    await store.migrate([production]);
    expect(await all((kind) => `${kind}_event`)).toEqual(before);
    // What an older edge still writes is forwarded in the same way.
    await store.insert([byKeys(production, ...oneOfEach("b"))]);
    expect(await all((kind) => `${kind}_event`)).toEqual(await all((kind) => kind));
    expect(before.map(({ length }) => length)).toEqual([1, 2, 1]);
  });

  test("are there once each, however often, and by however many at once, they are carried over", async () => {
    await store.insert([byKeys(production, ...oneOfEach("a"))]);
    await Promise.all([store.migrate([production]), store.migrate([production])]);
    await command("ALTER TABLE schema_migrations DELETE WHERE version = 11 SETTINGS mutations_sync = 2");
    await store.migrate([production]);
    await store.migrate([]);
    expect(await ask(production)).toEqual(of(1));
  });

  test("are carried over to the end by the next who comes, where somebody was cut off", async () => {
    await store.insert([byKeys(production, ...oneOfEach("a"))]);
    await command("ALTER TABLE track_event RENAME COLUMN others TO elsewhere");
    await expect(store.migrate([production])).rejects.toThrow();
    expect(await rows("SELECT id FROM exposure_event")).toEqual([{ id: "x-a" }]);
    await command("ALTER TABLE track_event RENAME COLUMN elsewhere TO others");
    await store.migrate([production]);
    expect(await ask(production)).toEqual(of(1));
  });

  test("that came too late for the copy and too early to be forwarded come with the next one", async () => {
    await store.migrate([production]);
    await command("DETACH TABLE exposure_forward");
    await store.insert([byKeys(production, exposure({ unit: "late" }))]);
    // Its insert had begun before the copy did.
    await command(
      "ALTER TABLE exposure UPDATE stored = stored - INTERVAL 5 MINUTE WHERE true SETTINGS mutations_sync = 2",
    );
    expect((await ask(production)).units).toBe(0);
    await store.migrate([]);
    expect((await ask(production)).units).toBe(1);
  });

  test("go where keys pointed first, and nowhere where they point to several", async () => {
    await store.migrate([production]);
    const other = { ...production, environmentId: "e-of-another-organisation" };
    const twice = [
      { ...staging, environmentId: "e-1" },
      { ...staging, environmentId: "e-2" },
    ];
    await store.migrate([other, ...twice]);
    await store.insert([byKeys(production, ...oneOfEach("a")), byKeys(staging, ...oneOfEach("a"))]);
    expect(await store.migrate([other, ...twice])).toEqual([unmapped("shop", "staging", 1)]);
    expect(await ask(production)).toEqual(of(1));
    for (const one of [other, ...twice]) expect(await ask(one)).toEqual(of(0));
  });

  test("from the first tables of all come along too", async () => {
    await command(
      "DROP VIEW exposures_forward",
      `INSERT INTO exposures (project, environment, experiment, by, unit, at, id, variant, flag, version, attributes, received)
       VALUES ('shop', 'production', 'button', 'targetingKey', 'u', '2026-11-02 12:00:00.000', 'x', 'on', 'button', 1, {}, '2026-11-02 12:00:01.000')`,
      "ALTER TABLE schema_migrations DELETE WHERE version = 8 SETTINGS mutations_sync = 2",
    );
    await store.migrate([production]);
    expect((await ask(production)).units).toBe(1);
  });
});
