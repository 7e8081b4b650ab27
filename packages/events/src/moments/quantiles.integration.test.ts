import type { MetricDefinition } from "@telltale/configuration";
import { describe, expect, test } from "vitest";
import { exposure, giveEachTestAStore, query, scope, track, user } from "../fixtures.ts";
import type { EventStore, ScopedEvent } from "../index.ts";
import { source } from "../reference/fixtures.ts";
import { referenceQuantile } from "../reference/moments-of.ts";

let store: EventStore;

giveEachTestAStore((opened) => {
  ({ store } = opened);
});

const append = (...events: ScopedEvent["event"][]) => store.append(scope, events, new Date("2026-12-01T00:00:00Z"));
const ask = async (definition: MetricDefinition, more = {}) => {
  const asked = await store.moments({ ...query, metrics: [{ key: "it", definition }], ...more });
  return { ...asked.moments, on: asked.moments.variants[1]?.metrics.it };
};

describe("quantiles", () => {
  test.each([["unit" as const], ["event" as const]])("are read at every distance, with ties, per %s", async (per) => {
    // Whole numbers, most of them alike: neighbouring levels fall into one value, or between two.
    const values = Array.from({ length: 400 }, (_, i) => Math.floor((i % 20) ** 2 / 90));
    const visits = values.map((value, i) => [
      exposure({ unit: `u${i}` }),
      track({ ...user(`u${i}`), value }),
      exposure({ unit: `w${i}`, variant: "off" }),
      ...(i < 5 ? [track({ ...user(`w${i}`), value: i })] : []),
    ]);
    await append(...visits.flat());
    const wanted = (counted: readonly number[], level: number) => {
      const error = Math.sqrt((level * (1 - level)) / counted.length);
      const read = (at: number) => (at >= 0 && at <= 1 ? referenceQuantile(counted, at) : null);
      const bounds = [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 10, 12].map((z) => ({
        z,
        low: read(level - z * error),
        high: read(level + z * error),
      }));
      return { n: counted.length, value: referenceQuantile(counted, level), bounds };
    };
    for (const level of [0.5, 0.9, 0.99]) {
      const found = await ask({ kind: "quantile", source: source("purchase"), level, per, includeZeros: false });
      const many = wanted(per === "unit" ? values.filter((value) => value !== 0) : values, level);
      expect(found.on).toMatchObject(many);
      expect(many.bounds.some(({ high }) => high === null)).toBe(level > 0.5);
      const few = wanted(per === "unit" ? [1, 2, 3, 4] : [0, 1, 2, 3, 4], level);
      expect(found.variants[0]?.metrics.it).toMatchObject(few);
      expect(few.bounds.some(({ low }) => low === null)).toBe(level < 0.99);
    }
  });

  test("have no readings without values", async () => {
    await append(exposure());
    const { on } = await ask({
      kind: "quantile",
      source: source("visit"),
      level: 0.5,
      per: "event",
      includeZeros: true,
    });
    if (on?.form !== "quantile") throw new Error("A quantile has its own form.");
    expect(on).toMatchObject({ n: 0, value: null, lower: null, upper: null });
    expect(on.bounds).toHaveLength(14);
    expect(on.bounds?.every(({ low, high }) => low === null && high === null)).toBe(true);
    const none = await ask(
      { kind: "quantile", source: source("visit"), level: 0.5, per: "event", includeZeros: true },
      { experiment: "nobody" },
    );
    expect(none.on).toEqual({ ...on, inside: { ...on.inside, n: 0 } });
  });
});
