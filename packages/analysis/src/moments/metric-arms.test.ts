import type { MetricMoments, TwoMoments } from "@telltale/events";
import { describe, expect, it } from "vitest";
import { metric, share } from "../fixtures.ts";
import { armsBefore, metricArms } from "./metric-arms.ts";

const source = { event: "buy", where: [] };
const conversion = metric("buy");
const sum = metric("revenue", { definition: { kind: "sum", source } });
const aggregate = { of: "count" } as const;
const ratio = metric("ratio", {
  definition: { kind: "ratio", numerator: { ...source, aggregate }, denominator: { ...source, aggregate } },
});
const session = metric("session", { definition: { kind: "mean", source } });
const p90 = metric("p90", { definition: { kind: "quantile", source, level: 0.9, per: "event", includeZeros: true } });

const pair: TwoMoments = { n: 100, meanY: 0.3, meanX: 0.5, yy: 21, xx: 40, xy: 9 };
const before = (x0: number) => ({
  n: 100,
  means: { y: 1, x: 2, y0: 1, x0 },
  products: { yy: 9, yx: 1, yy0: 1, yx0: 1, xx: 9, xy0: 1, xx0: 1, y0y0: 9, y0x0: 1, x0x0: 9 },
});
const mean = (more: object = {}): MetricMoments => ({
  form: "mean",
  n: 100,
  mean: 0.3,
  m2: 21,
  capped: 0,
  histogram: [],
  ...more,
});
const ratioOf = (more: object = {}): MetricMoments => ({ form: "ratio", pair, capped: { y: 0, x: 0 }, ...more });

describe("moments as the statistics take them", () => {
  it("by form", () => {
    expect(metricArms(conversion, [share(10, 6)], true)).toEqual({
      kind: "conversion",
      arms: [{ n: 10, converted: 6 }],
    });
    expect(metricArms(sum, [mean()], true)).toEqual({ kind: "mean", arms: [{ n: 100, mean: 0.3, m2: 21 }] });
    expect(metricArms(ratio, [ratioOf()], true)).toEqual({ kind: "ratio", arms: [pair] });
    expect(metricArms(session, [ratioOf()], true)).toEqual({ kind: "clustered", arms: [pair] });
    const reading: MetricMoments = {
      form: "quantile",
      n: 9,
      value: 3,
      lower: 2,
      upper: 4,
      inside: pair,
      histogram: [],
    };
    expect(metricArms(p90, [reading], true)).toEqual({
      kind: "quantile",
      level: 0.9,
      arms: [{ n: 9, value: 3, lower: 2, upper: 4, inside: pair }],
    });
  });

  it("adjusts when it was asked for and what was before is known of every arm", () => {
    const known: MetricMoments = { ...share(100, 30), before: pair } as MetricMoments;
    expect(metricArms(conversion, [known, known], true)).toEqual({ kind: "adjusted_mean", arms: [pair, pair] });
    expect(metricArms(conversion, [known, known], false).kind).toBe("conversion");
    expect(metricArms(conversion, [known, share(100, 30)], true).kind).toBe("conversion");
    expect(metricArms(sum, [mean({ before: pair }), mean({ before: pair })], true).kind).toBe("adjusted_mean");
    expect(metricArms(ratio, [ratioOf({ before: before(2) })], true)).toEqual({
      kind: "adjusted_ratio",
      arms: [before(2)],
    });
  });

  it("does not adjust by what nobody did, by a denominator of 0, or a share with few conversions", () => {
    const nobody = { ...pair, meanX: 0, xx: 0, xy: 0 };
    expect(metricArms(sum, [mean({ before: nobody }), mean({ before: nobody })], true).kind).toBe("mean");
    expect(metricArms(sum, [mean({ before: nobody }), mean({ before: pair })], true).kind).toBe("adjusted_mean");
    expect(metricArms(ratio, [ratioOf({ before: before(0) })], true).kind).toBe("ratio");
    const few = (converted: number): MetricMoments => ({ ...share(100, converted), before: pair }) as MetricMoments;
    expect([4, 5, 95, 96].map((n) => metricArms(conversion, [few(30), few(n)], true).kind)).toEqual([
      "conversion",
      "adjusted_mean",
      "adjusted_mean",
      "conversion",
    ]);
  });

  it("an arm without moments, or of another form, has no data", () => {
    expect(metricArms(conversion, [undefined, mean()], true).arms).toEqual([
      { n: 0, converted: 0 },
      { n: 0, converted: 0 },
    ]);
    const empty: MetricMoments = { form: "quantile", n: 5, value: null, lower: null, upper: null, histogram: [] };
    expect(metricArms(p90, [empty, undefined], false).arms).toEqual([
      { n: 0, value: 0, lower: 0, upper: 0 },
      { n: 0, value: 0, lower: 0, upper: 0 },
    ]);
    expect(metricArms(ratio, [ratioOf({ before: before(2) }), undefined], true)).toMatchObject({
      kind: "adjusted_ratio",
      arms: [{ n: 100 }, { n: 0 }],
    });
  });

  it("gives what was before as a metric of its own", () => {
    expect(armsBefore([mean({ before: pair }), undefined])).toEqual({
      kind: "mean",
      arms: [
        { n: 100, mean: 0.5, m2: 40 },
        { n: 0, mean: 0, m2: 0 },
      ],
    });
    expect(armsBefore([ratioOf({ before: before(2) })])).toEqual({
      kind: "ratio",
      arms: [{ n: 100, meanY: 1, meanX: 2, yy: 9, xx: 9, xy: 1 }],
    });
    expect(armsBefore([share(9, 3), mean()])).toBeNull();
  });
});
