import type { MetricDefinition } from "@telltale/configuration";
import type { MomentsQuery, StepSums, TwoMoments } from "../moments.ts";
import { collectUnits, type ObservedUnit, type StoredEvent, type Worth, worthOf } from "./units.ts";

type Pair = readonly [number, number];
type Key = "y" | "x" | "y0" | "x0";

const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
const mean = (values: readonly number[]) => (values.length === 0 ? 0 : sum(values) / values.length);

/** Sum of the products of deviations from the means: twice over the values. */
function product(pairs: readonly Pair[]): number {
  const [a, b] = [mean(pairs.map(([one]) => one)), mean(pairs.map(([, other]) => other))];
  return sum(pairs.map(([one, other]) => (one - a) * (other - b)));
}

function two(pairs: readonly Pair[]): TwoMoments {
  const [ys, xs] = [pairs.map(([y]) => y), pairs.map(([, x]) => x)];
  return {
    n: pairs.length,
    meanY: mean(ys),
    meanX: mean(xs),
    yy: product(ys.map((y) => [y, y])),
    xx: product(xs.map((x) => [x, x])),
    xy: product(pairs),
  };
}

/** R's type 7. */
export function referenceQuantile(values: readonly number[], level: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * level;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low === undefined || high === undefined ? null : low + (place - Math.floor(place)) * (high - low);
}

export type Caps = Record<Key, number>;
const NO_CAPS: Caps = { y: Infinity, x: Infinity, y0: Infinity, x0: Infinity };

/** The caps of a metric over all counted units of all arms. `before` of means and counts is their x. */
export function capsOf(definition: MetricDefinition, worths: readonly Worth[]): Caps {
  if (!("cap" in definition) || definition.cap === undefined) return NO_CAPS;
  const { cap } = definition;
  if ("at" in cap) {
    const isRatio = definition.kind === "ratio" || definition.kind === "mean";
    const { at, atDenominator = Infinity } = cap;
    const x = isRatio ? atDenominator : at;
    return { y: at, x, y0: at, x0: x };
  }
  const { level, includeZeros } = cap;
  const of = (key: Key) =>
    referenceQuantile(
      worths.map((one) => one[key]).filter((value) => includeZeros || value !== 0),
      level,
    ) ?? Infinity;
  return { y: of("y"), x: of("x"), y0: of("y0"), x0: of("x0") };
}

const cut = (worth: Worth, caps: Caps): Worth => ({
  ...worth,
  y: Math.min(worth.y, caps.y),
  x: Math.min(worth.x, caps.x),
  y0: Math.min(worth.y0, caps.y0),
  x0: Math.min(worth.x0, caps.x0),
});

/** What the moments of a metric are for these units; histograms are another test's. */
export function metricOf(definition: MetricDefinition, raw: readonly Worth[], caps: Caps, hasBefore: boolean) {
  const worths = raw.map((one) => cut(one, caps));
  const ys = worths.map(({ y }) => y);
  const pairs = worths.map(({ y, x }) => [y, x] as const);
  const capped = (key: Key) => raw.filter((one) => one[key] > caps[key]).length;
  switch (definition.kind) {
    case "conversion":
      return { form: "share", n: ys.length, converted: sum(ys), ...(hasBefore && { before: two(pairs) }) };
    case "retention":
      return { form: "share", n: ys.length, converted: sum(ys) };
    case "funnel": {
      const reached = definition.steps.map((_, k) => worths.filter((one) => one.reached > k).length);
      return { form: "share", n: ys.length, converted: sum(ys), reached };
    }
    case "count":
    case "sum": {
      const { n, meanY, yy } = two(pairs);
      return { form: "mean", n, mean: meanY, m2: yy, capped: capped("y"), ...(hasBefore && { before: two(pairs) }) };
    }
    case "ratio":
    case "mean": {
      const before = hasBefore && { before: four(worths) };
      return { form: "ratio", pair: two(pairs), capped: { y: capped("y"), x: capped("x") }, ...before };
    }
    case "quantile":
      return quantileOf(definition, worths);
  }
}

function four(worths: readonly Worth[]) {
  const of = (one: Key, other: Key) => product(worths.map((worth) => [worth[one], worth[other]]));
  const average = (key: Key) => mean(worths.map((worth) => worth[key]));
  return {
    n: worths.length,
    means: { y: average("y"), x: average("x"), y0: average("y0"), x0: average("x0") },
    products: {
      yy: of("y", "y"),
      yx: of("y", "x"),
      yy0: of("y", "y0"),
      yx0: of("y", "x0"),
      xx: of("x", "x"),
      xy0: of("x", "y0"),
      xx0: of("x", "x0"),
      y0y0: of("y0", "y0"),
      y0x0: of("y0", "x0"),
      x0x0: of("x0", "x0"),
    },
  };
}

function quantileOf(definition: Extract<MetricDefinition, { kind: "quantile" }>, worths: readonly Worth[]) {
  const { level, per, includeZeros } = definition;
  const totals = worths.map(({ y }) => y).filter((y) => includeZeros || y !== 0);
  const values = per === "unit" ? totals : worths.flatMap((one) => one.values);
  const error = Math.sqrt((level * (1 - level)) / values.length);
  const half = 1.959963984540054 * error;
  const bound = (at: number) => (at >= 0 && at <= 1 ? referenceQuantile(values, at) : null);
  const value = referenceQuantile(values, level);
  const inside = worths.map((one) => [
    one.values.filter((v) => value !== null && v <= value).length,
    one.values.length,
  ]);
  return {
    form: "quantile",
    n: values.length,
    value,
    lower: referenceQuantile(values, Math.max(0, level - half)),
    upper: referenceQuantile(values, Math.min(1, level + half)),
    bounds: [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 10, 12].map((z) => ({
      z,
      low: bound(level - z * error),
      high: bound(level + z * error),
    })),
    ...(per === "event" && { inside: two(inside.map(([y = 0, x = 0]) => [y, x] as const)) }),
  };
}

/** Everything that is asked of one experiment, by the definitions. */
export function reference(rows: readonly StoredEvent[], query: MomentsQuery) {
  const units = collectUnits(rows, query);
  const counted = units.filter(
    ({ variants }) => variants.size === 1 && query.variants.includes([...variants][0] ?? ""),
  );
  const ofArm = (variant: string) => counted.filter(({ variants }) => variants.has(variant));
  const worths = (own: readonly ObservedUnit[], definition: MetricDefinition, until = query.to.getTime()) =>
    own.flatMap((unit) => worthOf(unit, definition, query, until) ?? []);
  const caps = new Map(
    query.metrics.map(({ key, definition }) => [key, capsOf(definition, worths(counted, definition))]),
  );
  const capsBy = (key: string) => caps.get(key) ?? NO_CAPS;
  const metrics = (own: readonly ObservedUnit[]) =>
    Object.fromEntries(
      query.metrics.map(({ key, definition }) => [
        key,
        metricOf(definition, worths(own, definition), capsBy(key), query.beforeDays > 0),
      ]),
    );
  const variantsOf = (own: readonly ObservedUnit[]) =>
    query.variants.map((variant) => {
      const members = own.filter(({ variants }) => variants.has(variant));
      return { variant, units: members.length, metrics: metrics(members) };
    });
  return {
    counted,
    caps,
    variants: variantsOf(counted),
    variantsOf,
    severalVariants: units.filter(({ variants }) => variants.size > 1).length,
    /** Plain sums as they stood at a moment. */
    sumsAt: (variant: string, key: string, definition: MetricDefinition, until: number): StepSums => {
      const own = worths(ofArm(variant), definition, until).map((one) => cut(one, capsBy(key)));
      const of = (value: (worth: Worth) => number) => sum(own.map(value));
      const [n, y, yy] = [own.length, of((w) => w.y), of((w) => w.y * w.y)];
      return { n, y, yy, x: of((w) => w.x), xx: of((w) => w.x * w.x), xy: of((w) => w.x * w.y) };
    },
  };
}
