import type { MetricDefinition } from "@telltale/configuration";
import { describe, expect, test } from "vitest";
import { day, exposure, giveEachTestAStore, query, scope, track, user } from "../fixtures.ts";
import type { EventStore, ScopedEvent } from "../index.ts";
import { source } from "../reference/fixtures.ts";

let store: EventStore;

giveEachTestAStore((opened) => {
  ({ store } = opened);
});

const append = (...events: ScopedEvent["event"][]) => store.append(scope, events, new Date("2026-12-01T00:00:00Z"));
const sum: MetricDefinition = { kind: "sum", source: source("purchase") };
const ask = async (definition: MetricDefinition, more = {}) => {
  const asked = await store.moments({ ...query, metrics: [{ key: "it", definition }], ...more });
  return { ...asked.moments, on: asked.moments.variants[1]?.metrics.it };
};

describe("capped totals", () => {
  test("are cut at a given value by one reading, what was before exposure too", async () => {
    const values = [1, 2, 3, 40];
    await append(
      ...values.flatMap((value, i) => [
        exposure({ unit: `u${i}` }),
        track({ ...user(`u${i}`), value }),
        track({ ...user(`u${i}`), value: 10 * value, time: day(1) }),
        track({ ...user(`u${i}`), name: "visit" }),
        track({ ...user(`u${i}`), name: "visit", time: day(3) }),
      ]),
    );
    const more = { beforeDays: 7 };
    const found = await ask({ ...sum, cap: { at: 2.5 } }, more);
    expect(found.on).toMatchObject({ n: 4, mean: 2, capped: 2, before: { meanY: 2, meanX: 2.5 } });
    expect(found.caps).toEqual({ it: { y: 2.5, x: null } });
    const ratio: MetricDefinition = {
      kind: "ratio",
      numerator: { ...source("purchase"), aggregate: { of: "sum" } },
      denominator: { ...source("visit"), aggregate: { of: "count" } },
    };
    const plain = await ask({ ...ratio, cap: { at: 2.5 } }, more);
    expect(plain.on).toMatchObject({ pair: { meanY: 2, meanX: 2 }, capped: { y: 2, x: 0 } });
    expect(plain.caps).toEqual({ it: { y: 2.5, x: null } });
    const both = await ask({ ...ratio, cap: { at: 2.5, atDenominator: 1.5 } }, more);
    expect(both.on).toMatchObject({ pair: { meanY: 2, meanX: 1.5 }, capped: { y: 2, x: 4 } });
    expect(both.caps).toEqual({ it: { y: 2.5, x: 1.5 } });
    const asked = async (definition: MetricDefinition) =>
      (await store.moments({ ...query, metrics: [{ key: "it", definition }] })).query.text;
    expect((await asked({ ...sum, cap: { at: 2.5 } })).match(/FROM track_event/g)).toHaveLength(1);
    expect((await asked({ ...sum, cap: { level: 0.9, includeZeros: true } })).match(/FROM track_event/g)).toHaveLength(
      2,
    );
  });
});
