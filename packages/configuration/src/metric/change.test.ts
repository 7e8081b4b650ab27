import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSame } from "../equality.ts";
import { applyToMetric, diffMetric, invertMetric, mergeMetric, metricInstructionsSchema } from "./change.ts";
import { metrics } from "./fixtures.ts";
import { checkMargin, type DescribedMetric, metricSchema } from "./metric.ts";
import { describeMetricChange } from "./words.ts";

/** The same value with its members in another order, as a JSON column gives it back. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, part]) => [key, reordered(part)]),
  );
}

const FIELDS = metricSchema.keyof().options;
const differing = (a: DescribedMetric, b: DescribedMetric) => FIELDS.filter((field) => !isSame(a[field], b[field]));

describe("the laws of a metric's changes", () => {
  it("what differs, applied, makes the one of the other, and has its inverse", () => {
    fc.assert(
      fc.property(metrics, metrics, (before, after) => {
        const difference = diffMetric(before, after);
        const made = applyToMetric(before, difference);
        expect(made).toEqual(after);
        expect(applyToMetric(made, invertMetric(before, difference))).toEqual(before);
        expect(difference).toHaveLength(differing(before, after).length);
        expect(describeMetricChange(before, after) === "Nothing changed.").toBe(isSame(before, after));
        if (difference.length > 0) expect(metricInstructionsSchema.parse(difference)).toEqual(difference);
      }),
    );
  });

  it("a metric is the same as itself through JSON and with its members in another order", () => {
    fc.assert(
      fc.property(metrics, (metric) => {
        const stored = reordered(JSON.parse(JSON.stringify(metric))) as DescribedMetric;
        expect(diffMetric(metric, stored)).toEqual([]);
        const instructions = diffMetric({ ...metric, name: `${metric.name}!` }, metric);
        const sent = metricInstructionsSchema.parse(reordered(JSON.parse(JSON.stringify(instructions))));
        expect(isSame(sent, instructions)).toBe(true);
      }),
    );
  });

  it("merging keeps both edits, whoever came first, and names exactly the fields that both changed otherwise", () => {
    fc.assert(
      fc.property(metrics, metrics, metrics, (base, mine, theirs) => {
        const { metric, conflicts } = mergeMetric(base, mine, theirs);
        const [own, other] = [differing(base, mine), differing(base, theirs)];
        const expected = own.filter((field) => other.includes(field) && !isSame(mine[field], theirs[field]));
        expect(conflicts.map(({ field }) => field)).toEqual(expected);
        for (const field of FIELDS) expect(metric[field]).toEqual((own.includes(field) ? mine : theirs)[field]);
        if (expected.length === 0) expect(mergeMetric(base, theirs, mine)).toEqual({ metric, conflicts });
      }),
    );
  });

  it("merging edits of different fields never conflicts", () => {
    fc.assert(
      fc.property(metrics, metrics, metrics, fc.subarray(FIELDS), (base, one, another, ofMine) => {
        const take = (from: DescribedMetric, isTaken: (field: (typeof FIELDS)[number]) => boolean) =>
          applyToMetric(
            base,
            diffMetric(base, from).filter((instruction) =>
              FIELDS.some((field) => field in instruction && isTaken(field)),
            ),
          );
        const mine = take(one, (field) => ofMine.includes(field));
        const theirs = take(another, (field) => !ofMine.includes(field));
        expect(mergeMetric(base, mine, theirs).conflicts).toEqual([]);
      }),
    );
  });
});

describe("a metric's instructions from outside", () => {
  it.each([
    [[]],
    [[{ kind: "setMargin", margin: 2 }]],
    [[{ kind: "setMargin", margin: null }]],
    [[{ kind: "setMinimumEffect", minimumEffect: 0 }]],
    [[{ kind: "setName", name: " " }]],
    [[{ kind: "setName", margin: 0 }]],
    [[{ kind: "setKey", key: "x" }]],
    [Array.from({ length: 21 }, () => ({ kind: "setMargin", margin: 0 }))],
  ])("are refused beyond their bounds: %j", (instructions) => {
    expect(metricInstructionsSchema.safeParse(instructions).success).toBe(false);
  });
});

describe("a margin", () => {
  const source = { event: "buy", where: [] };
  it.each([
    [{ margin: 1 }, 1],
    [{ margin: 0.99 }, 0],
    [{ margin: 1, absoluteMargin: 0.01 }, 0],
    [{ margin: 1, direction: "decrease" as const }, 0],
    [{ margin: 1, definition: { kind: "sum" as const, source } }, 0],
  ])("%j has %i problems", (more, problems) => {
    const definition = { kind: "conversion" as const, source };
    const metric = { definition, direction: "increase" as const, absoluteMargin: null, ...more };
    expect(checkMargin(metric)).toHaveLength(problems);
  });
});
