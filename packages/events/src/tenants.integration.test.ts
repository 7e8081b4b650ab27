import { expect, test } from "vitest";
import { encodeEvents, type ScopedEvent } from "./encode.ts";
import { createTestStore, day, evaluations } from "./fixtures.ts";
import type { EventStore } from "./index.ts";
import { everything, numbers, randomRows } from "./reference/fixtures.ts";

/** Environments of two organisations whose projects, environments, flags, experiments and users have the same names. */
const environmentIds = ["e-1", "e-1'; --"];
const window = { from: new Date(day(1)), to: new Date(day(20)) };

/** Events of a month; ids are those of every other organisation too, as nobody keeps anybody from sending them. */
function eventsOf(environmentId: string, seed: number): ScopedEvent[] {
  const next = numbers(seed);
  const rows = randomRows(900, 60, next).map(({ at, receivedMs, ...event }, i) => {
    return { environmentId, event: { ...event, id: `id-${i}` }, receivedMs, atMs: at };
  });
  const counted = Array.from({ length: 50 }, (_, i) => {
    const time = day(1 + next(25));
    const event = evaluations({ id: `id-${i}`, time, count: 1 + next(9), flag: ["button", "other"][next(2)] ?? "" });
    return { environmentId, event, receivedMs: Date.parse(time) + next(9_000), sdk: `js/${next(3)}` };
  });
  return [...rows, ...counted];
}

/** All that the store answers about an environment, except when its rows were stored. */
async function ask(store: EventStore, environmentId: string) {
  const scope = { environmentId };
  // Of each kind that is read in a way of its own.
  const metrics = everything.metrics.filter(({ key }) => /conversion|sum|ratio|funnel/.test(key)).slice(-6);
  const query = { ...everything, ...scope, metrics };
  const lag = await store.ingestionLag({ ...scope, from: window.from });
  return {
    moments: (await store.moments(query)).moments,
    history: await store.history({ ...query, ...window }),
    usage: await store.evaluationCounts({ ...scope, ...window, flag: "button", stepSeconds: 86_400 }),
    seen: await store.lastSeen({ environmentIds: [environmentId] }),
    seenBySdk: await store.lastSeenBySdk({ ...scope, flag: "button" }),
    lag: lag && { events: lag.events, toReceived: lag.toReceived, newest: lag.newest },
    ids: await store.eventIds({ ...scope, from: new Date(0) }),
    counts: await store.countEvents(scope),
    isBrokenDown: await store.hasAttribute(query, "country"),
    hasNews: await store.newsSince(query, new Date(0)),
  };
}

test("what the store tells of an environment is what it would tell were there no other", async () => {
  const { store } = await createTestStore();
  const all = environmentIds.map((environmentId, i) => eventsOf(environmentId, i + 1));
  await store.insert(all.map(encodeEvents));
  for (const [i, environmentId] of environmentIds.entries()) {
    const { store: alone } = await createTestStore();
    await alone.insert([encodeEvents(all[i] ?? [])]);
    expect(await ask(store, environmentId)).toEqual(await ask(alone, environmentId));
    await alone.close();
  }
  const nobody = await ask(store, "e-2");
  expect(nobody).toMatchObject({ counts: { exposures: 0, tracks: 0, evaluations: 0 }, seen: [], hasNews: false });
  expect([nobody.ids.size, nobody.lag, nobody.isBrokenDown]).toEqual([0, undefined, false]);
  await store.close();
});
