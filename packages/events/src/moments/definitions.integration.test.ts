import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestStore } from "../fixtures.ts";
import {
  type EventStore,
  type ExperimentMoments,
  type MetricMoments,
  type MomentsQuery,
  openEventStore,
} from "../index.ts";
import { encoded, everything, numbers, randomRows, source } from "../reference/fixtures.ts";
import { reference } from "../reference/moments-of.ts";
import type { StoredEvent } from "../reference/units.ts";

let store: EventStore;
let url: string;
const rows: StoredEvent[] = randomRows(12_000, 900, numbers(11));

/** A tenth comes again: corrected otherwise (half of them to an earlier time), received later, and in another month. */
const repeats = rows
  .filter((_, i) => i % 10 === 0)
  .map((row, i) => ({
    ...row,
    at: row.at + (i % 2 === 0 ? 60_000 : -60_000),
    receivedMs: row.receivedMs + (1 + (i % 40)) * 86_400_000,
  }));

beforeAll(async () => {
  ({ store, url } = await createTestStore());
  for (let start = 0; start < rows.length; start += 3_000) {
    await store.insert([encoded(repeats.slice(start / 10, start / 10 + 300))]);
    await store.insert([encoded(rows.slice(start, start + 3_000))]);
  }
});
afterAll(async () => {
  await store?.close();
});

/** Relative to the largest of the two, or to 1: sums of products of noise come near 0. */
function near(actual: unknown, expected: unknown, where: string): void {
  if (typeof expected === "number" && typeof actual === "number") {
    const scale = Math.max(1, Math.abs(expected), Math.abs(actual));
    expect(Math.abs(actual - expected) / scale, `${where}: ${actual} instead of ${expected}`).toBeLessThan(1e-9);
  } else if (typeof expected === "object" && expected !== null) {
    for (const [name, part] of Object.entries(expected)) near(Object(actual)[name], part, `${where}.${name}`);
  } else {
    expect(actual, where).toEqual(expected);
  }
}

const plain = ({ form, ...rest }: MetricMoments) => {
  const { histogram: _, ...kept } = { histogram: undefined, ...rest };
  return { form, ...kept };
};

function compare(query: MomentsQuery, found: ExperimentMoments): void {
  const wanted = reference([...rows, ...repeats], query);
  expect(found.severalVariants).toBe(wanted.severalVariants);
  const same = (arms: ExperimentMoments["variants"], expected: typeof wanted.variants, where: string) => {
    for (const [k, arm] of expected.entries()) {
      expect(arms[k]).toMatchObject({ variant: arm.variant, units: arm.units });
      for (const { key } of query.metrics) {
        const moments = arms[k]?.metrics[key];
        near(moments && plain(moments), arm.metrics[key], `${where} ${arm.variant} ${key}`);
        expect(
          Object.keys(moments ?? {})
            .filter((name) => name !== "histogram")
            .sort(),
        ).toEqual(Object.keys(arm.metrics[key] ?? {}).sort());
      }
    }
  };
  same(found.variants, wanted.variants, "whole");
  for (const { value, variants } of found.breakdown ?? []) {
    const named = new Set(found.breakdown?.map((one) => one.value));
    const own = wanted.counted.filter(({ attribute }) =>
      value === null ? !named.has(attribute) : attribute === value,
    );
    same(variants, wanted.variantsOf(own), `value ${value}`);
  }
  for (const { key } of query.metrics.filter(({ definition }) => "cap" in definition && definition.cap)) {
    near(found.caps[key]?.y, wanted.caps.get(key)?.y, `cap of ${key}`);
  }
}

describe("moments of every kind, filter and option", () => {
  test.each([
    ["with what was before", {}],
    ["without", { beforeDays: 0 }],
    ["for accounts, whose users are told apart", { by: "accountId" }],
    ["since before anything happened", { from: new Date(everything.from.getTime() - 7 * 86_400_000) }],
    ["until early", { to: new Date(everything.from.getTime() + 40 * 3_600_000) }],
  ])("are those of the definitions: %s", async (_, parts) => {
    const query: MomentsQuery = { ...everything, ...parts };
    const { moments } = await store.moments(query);
    expect(moments.variants.every(({ units }) => units > 20)).toBe(true);
    expect(moments.severalVariants).toBeGreaterThan(0);
    expect(moments.breakdown).toHaveLength(21);
    compare(query, moments);
  });

  test.each(everything.metrics)("are those of the definitions, asked alone: $key", async (metric) => {
    const query = { ...everything, metrics: [metric] };
    compare(query, (await store.moments(query)).moments);
  });

  test.each([
    ["128", 30],
    ["256", 90],
  ])("are those of the definitions with so many sources that an event takes %s bits", async (_, count) => {
    const more = Array.from({ length: count }, (_, i) => ({
      property: "amount",
      op: "gte" as const,
      values: [i / 10],
    }));
    const metrics = more.map((where, i) => ({
      key: `more-${i}`,
      definition: { kind: "count" as const, source: source("purchase", where) },
    }));
    const steps = more.slice(-3).map((where) => source("purchase", where));
    const funnel = { key: "funnel", definition: { kind: "funnel" as const, steps, withinSeconds: 20 * 86_400 } };
    const sums = everything.metrics.filter(
      ({ definition }) => definition.kind === "sum" || definition.kind === "ratio",
    );
    const query = { ...everything, metrics: [...metrics, funnel, ...sums] };
    compare(query, (await store.moments(query)).moments);
  });

  test("stand at the end of every step as they would have been asked then", async () => {
    const query = { ...everything, stepSeconds: 21_600 };
    const { moments } = await store.moments(query);
    const wanted = reference(rows, query);
    for (const { key, definition } of query.metrics) {
      for (const variant of query.variants) {
        const sums = { n: 0, y: 0, yy: 0, x: 0, xx: 0, xy: 0 };
        let compared = 0;
        for (const step of moments.series.filter((one) => one.variant === variant)) {
          const added = { x: 0, xx: 0, xy: 0, ...step.metrics[key] };
          for (const name of ["n", "y", "yy", "x", "xx", "xy"] as const) sums[name] += added[name] ?? 0;
          if (definition.kind === "quantile" || compared++ % 9 > 0) continue;
          const end = Math.min(Date.parse(step.at) + 21_600_000 - 1, query.to.getTime());
          const { n, y, yy, ...second } = wanted.sumsAt(variant, key, definition, end);
          const hasSecond = !["retention", "funnel"].includes(definition.kind);
          near(sums, { n, y, yy, ...(hasSecond && second) }, `${key} ${variant} ${step.at}`);
        }
      }
    }
    const { variants, series } = moments;
    for (const { variant, units } of variants) {
      const own = series.filter((step) => step.variant === variant);
      expect(own.reduce((total, step) => total + step.units, 0)).toBe(units);
    }
  });

  test("are the same to the last digit whatever parts the rows lie in", async () => {
    const { store: other } = await createTestStore();
    const shuffled = [...rows, ...repeats].sort((a, b) => (a.id < b.id ? -1 : 1));
    for (let start = 0; start < shuffled.length; start += 1_700) {
      await other.insert([encoded(shuffled.slice(start, start + 1_700))]);
    }
    const [one, two] = [await store.moments(everything), await other.moments(everything)];
    await other.close();
    expect(two.moments).toEqual(one.moments);
    expect(one.query.parameters).toMatchObject({ q0_p0: expect.anything() });
    expect(one.cost.rows).toBeGreaterThan(0);
  });

  test("are the same to the last digit asked in slices", async () => {
    const query = {
      ...everything,
      metrics: everything.metrics.filter(({ definition }) => definition.kind !== "quantile"),
    };
    const sliced = openEventStore({ url, sliceUnits: 100 });
    const [one, several] = [await store.moments(query), await sliced.moments(query)];
    await sliced.close();
    expect(several.moments).toEqual(one.moments);
    expect(several.query).toEqual(one.query);
    expect(several.cost.rows).toBeGreaterThan(one.cost.rows);
  });
});
