import type { ObservationsEvent } from "@telltale/evaluator";
import { describe, expect, test } from "vitest";
import { openClickHouse } from "../connection.ts";
import { encodeEvents } from "../encode.ts";
import { day, giveEachTestAStore, observations, scope } from "../fixtures.ts";
import type { EventStore } from "../index.ts";

let store: EventStore;
let url: string;
giveEachTestAStore((opened) => {
  ({ store, url } = opened);
});

const RECEIVED = new Date(day(2, "13:00:00.000"));
const append = (...events: ObservationsEvent[]) => store.append(scope, events, RECEIVED);
const seen = (...units: number[]) => ({ halvings: 0, units });
const query = {
  ...scope,
  flag: "button",
  rule: "r1",
  since: new Date(day(2)),
  metrics: ["exposed", "error", "latency"],
};
/** What was observed, as lines: metric, variant, version, observations, units, halvings. */
const ask = async (changes: Partial<typeof query> = {}) =>
  (await store.observations({ ...query, ...changes })).map(
    ({ metric, variant, version, observations: count, units, halvings }) =>
      `${metric} ${variant} v${version}: ${count} ${units} /${halvings}`,
  );

describe("observations", () => {
  test("are none where nothing was observed", async () => {
    expect(await ask()).toEqual([]);
    expect(await ask({ metrics: [] })).toEqual([]);
  });

  test("add up by metric, variant and version; sums only where there are values", async () => {
    await append(
      observations({ count: 5, units: seen(1, 2) }),
      observations({ count: 2, units: seen(2, 3) }),
      observations({ variant: "off", count: 9, units: seen(4) }),
      observations({ metric: "latency", count: 2, units: seen(1), sum: 30, squares: 500 }),
      observations({ metric: "latency", count: 1, sum: 5, squares: 25 }),
      observations({ metric: "latency", version: 2, count: 1, sum: 1.5e308, squares: 1.5e308 }),
      observations({ metric: "latency", version: 2, count: 1, sum: 1.5e308, squares: 0 }),
    );
    const arm = { variant: "on", version: 1, halvings: 0, last: Date.parse(day(2, "12:00:00.000")) };
    expect(await store.observations(query)).toEqual([
      { ...arm, metric: "exposed", variant: "off", observations: 9, units: 1, sum: null, squares: null },
      { ...arm, metric: "exposed", observations: 7, units: 3, sum: null, squares: null },
      { ...arm, metric: "latency", observations: 3, units: 1, sum: 35, squares: 525 },
      // The sum of finite values need not be one.
      { ...arm, metric: "latency", version: 2, observations: 2, units: 0, sum: null, squares: 1.5e308 },
    ]);
  });

  test("count a unit that was served several variants once in each, and where each was first", async () => {
    const at = (time: string, changes: Partial<ObservationsEvent>) => observations({ time: day(2, time), ...changes });
    await append(
      at("12:00:01.000", { variant: "off", version: 1, units: seen(1, 2) }),
      at("12:00:02.000", { variant: "on", version: 2, units: seen(1) }),
      at("12:00:03.000", { variant: "on", version: 3, units: seen(1, 2) }),
    );
    expect(await ask()).toEqual(["exposed off v1: 1 2 /0", "exposed on v2: 1 1 /0", "exposed on v3: 1 1 /0"]);
    const [, , third] = await store.observations(query);
    expect(third?.last).toBe(Date.parse(day(2, "12:00:03.000")));
  });

  test("count a unit once in a metric, where it was first; at the same time in the lower version", async () => {
    const at = (time: string, changes: Partial<ObservationsEvent>) =>
      observations({ metric: "error", time: day(2, time), ...changes });
    await append(
      at("12:00:03.000", { variant: "on", version: 1, units: seen(1, 2) }),
      at("12:00:02.000", { variant: "off", version: 2, units: seen(2, 3) }),
      at("12:00:02.000", { variant: "on", version: 1, units: seen(3, 4) }),
      at("12:00:05.000", { variant: "on", version: 3, units: seen(1, 2, 3, 4) }),
      // Another metric is a count of its own.
      observations({ units: seen(1) }),
    );
    expect(await ask()).toEqual([
      "error off v2: 1 1 /0",
      "error on v1: 2 3 /0",
      "error on v3: 1 0 /0",
      "exposed on v1: 1 1 /0",
    ]);
    // What comes late was first all the same.
    await append(at("12:00:01.000", { variant: "off", version: 9, units: seen(1, 4) }));
    expect(await ask({ metrics: ["error"] })).toEqual([
      "error off v2: 1 1 /0",
      "error off v9: 1 2 /0",
      "error on v1: 2 1 /0",
      "error on v3: 1 0 /0",
    ]);
  });

  test("are sampled alike: all units of a metric are thinned to its smallest sample, counts are not", async () => {
    const low = [1, 2, 3];
    await append(
      observations({ count: 6, units: seen(...low, 2 ** 30, 2 ** 31, 2 ** 32 - 1) }),
      observations({ variant: "off", count: 800, units: { halvings: 3, units: [4, 2 ** 29 - 1] } }),
      observations({ variant: "off", count: 40, units: { halvings: 1, units: [5, 2 ** 30] } }),
      observations({ metric: "error", count: 1, units: seen(2 ** 32 - 1) }),
    );
    expect(await ask()).toEqual(["error on v1: 1 1 /0", "exposed off v1: 840 3 /3", "exposed on v1: 6 3 /3"]);
    // Halved until nothing but the lowest hash is left.
    await append(observations({ version: 2, units: { halvings: 32, units: [0] } }));
    expect(await ask({ metrics: ["exposed"] })).toEqual([
      "exposed off v1: 840 0 /32",
      "exposed on v1: 6 0 /32",
      "exposed on v2: 1 1 /32",
    ]);
  });

  test("sent again are there once, and keep the earliest of their times", async () => {
    const first = observations({ id: "one", metric: "error", units: seen(1) });
    const other = observations({ variant: "off", metric: "error", units: seen(1), time: day(2, "12:00:01.000") });
    const later = { ...first, time: day(2, "12:00:02.000") };
    const client = openClickHouse(url);
    await client.command({ query: "SYSTEM STOP MERGES observation_event" });
    await append(later, other);
    // Weeks later, in another part of the table.
    await store.append(scope, [first], new Date("2026-12-24T12:00:00Z"));
    await append(later);
    const once = ["error off v1: 1 0 /0", "error on v1: 1 1 /0"];
    expect(await ask()).toEqual(once);
    await client.command({ query: "SYSTEM START MERGES observation_event" });
    await client.command({ query: "OPTIMIZE TABLE observation_event FINAL" });
    expect(await ask()).toEqual(once);
    await client.close();
  });

  test("are of the environment, flag, rule, metrics and time that are asked, whatever others call theirs", async () => {
    const same = observations({ id: "same", units: seen(1) });
    await store.insert([
      encodeEvents(
        ["another-tenant's", scope.environmentId].map((environmentId, i) => ({
          environmentId,
          event: { ...same, count: 10 ** i, time: day(2, `12:00:0${i}.000`) },
          receivedMs: RECEIVED.getTime(),
        })),
      ),
    ]);
    await append(
      observations({ flag: "other" }),
      observations({ rule: "" }),
      observations({ metric: "custom" }),
      observations({ time: day(2, "11:59:59.999"), units: seen(2) }),
    );
    expect(await ask()).toEqual(["exposed on v1: 10 1 /0"]);
    expect(await ask({ environmentId: "another-tenant's" })).toEqual(["exposed on v1: 1 1 /0"]);
    expect(await ask({ rule: "" })).toEqual(["exposed on v1: 1 0 /0"]);
    expect(await ask({ since: new Date(day(1)) })).toEqual(["exposed on v1: 11 2 /0"]);
    expect(await ask({ environmentId: "' OR 1 = 1 --", flag: "\\'" })).toEqual([]);
  });

  test("are asked no longer than somebody waits", async () => {
    const controller = new AbortController();
    const asked = store.observations(query, controller.signal);
    controller.abort();
    await expect(asked).rejects.toThrow();
  });
});
