import { analyseMetrics, type MetricInput } from "../../inference/analyse.ts";
import { momentsOf } from "../../moments/moments.ts";
import { pairMomentsOf } from "../../moments/pair-moments.ts";
import type { RatioWithPriorMoments } from "../../moments/prior-ratio.ts";
import { quantile, quantileLevels, winsorize } from "../../moments/quantile.ts";
import { binomial, gaussian, poisson, type Random, times } from "../random.ts";
import {
  ALPHA,
  compareMetric,
  falsePositives,
  fixed,
  missedLifts,
  type Scenario,
  type SimulatedExperiment,
} from "../scenario.ts";

/** Clicks of a user on so many pages; users differ in their inclination. */
function clicksOn(random: Random, pages: number, inclination: number): number {
  return binomial(random, pages, Math.min(1, Math.max(0, inclination)));
}

/** Clicks over pages: pages differ by user, and so does the inclination to click. */
const clicks: SimulatedExperiment = (random, lift) => {
  const user = (chance: number): [number, number] => {
    const pages = 1 + poisson(random, 4);
    return [clicksOn(random, pages, chance + 0.1 * gaussian(random)), pages];
  };
  const arms = [0.4, 0.4 * (1 + lift)].map((chance) => pairMomentsOf(times(250, () => user(chance))));
  return compareMetric({ kind: "ratio", arms }, fixed);
};

interface Row {
  y: number;
  x: number;
  y0: number;
  x0: number;
}

function withPrior(rows: readonly Row[]): RatioWithPriorMoments {
  const mean = (of: (row: Row) => number) => momentsOf(rows.map(of)).mean;
  const means = { y: mean((r) => r.y), x: mean((r) => r.x), y0: mean((r) => r.y0), x0: mean((r) => r.x0) };
  const product = (a: keyof Row, b: keyof Row) =>
    rows.reduce((sum, row) => sum + (row[a] - means[a]) * (row[b] - means[b]), 0);
  const products = {
    yy: product("y", "y"),
    yx: product("y", "x"),
    yy0: product("y", "y0"),
    yx0: product("y", "x0"),
    xx: product("x", "x"),
    xy0: product("x", "y0"),
    xx0: product("x", "x0"),
    y0y0: product("y0", "y0"),
    y0x0: product("y0", "x0"),
    x0x0: product("x0", "x0"),
  };
  return { n: rows.length, means, products };
}

/** Clicks over pages, and the same of the same users before. */
const adjustedClicks: SimulatedExperiment = (random, lift) => {
  const user = (more: number): Row => {
    const own = 0.4 + 0.15 * gaussian(random);
    const [pages, before] = [1 + poisson(random, 4), 1 + poisson(random, 4)];
    return {
      y: clicksOn(random, pages, own * more),
      x: pages,
      y0: clicksOn(random, before, own),
      x0: before,
    };
  };
  const arms = [1, 1 + lift].map((more) => withPrior(times(250, () => user(more))));
  return compareMetric({ kind: "adjusted_ratio", arms }, fixed);
};

/** Users in companies that differ: the sum and the number of users a company. */
const companies =
  (count: number, sizeOf: (random: Random) => number): SimulatedExperiment =>
  (random, lift) => {
    const company = (mean: number): [number, number] => {
      const size = sizeOf(random);
      const own = mean + gaussian(random);
      return [size * own + Math.sqrt(size) * gaussian(random), size];
    };
    const arms = [5, 5 * (1 + lift)].map((mean) => pairMomentsOf(times(count, () => company(mean))));
    return compareMetric({ kind: "clustered", arms }, fixed);
  };
const alike = (random: Random) => 1 + poisson(random, 6);
/** One company in twenty has 30 users or more, half have under 8. */
const unlike = (random: Random) => Math.max(1, Math.round(7 * Math.exp(0.9 * gaussian(random))));

/** Spending that follows what was spent before, with rho = 0.8. */
const adjusted: SimulatedExperiment = (random, lift) => {
  const user = (extra: number): [number, number] => {
    const before = gaussian(random);
    return [10 + 8 * before + 6 * gaussian(random) + extra, 3 + 2 * before];
  };
  const arms = [0, 10 * lift].map((extra) => pairMomentsOf(times(200, () => user(extra))));
  return compareMetric({ kind: "adjusted_mean", arms }, fixed);
};

/** Revenue: one in five buys, for lognormal(0, 2) amounts. */
const spending = (random: Random) => (random() < 0.2 ? Math.exp(2 * gaussian(random)) : 0);

const cappedRevenue: SimulatedExperiment = (random) => {
  const { arms } = winsorize([times(1_000, () => spending(random)), times(1_000, () => spending(random))], 0.99);
  return compareMetric({ kind: "mean", arms: arms.map(({ moments }) => moments) }, fixed);
};

/** The same uncapped: its skewness is in the hundreds, and one buyer makes an arm's mean. */
const revenue =
  (share: number): SimulatedExperiment =>
  (random, lift) => {
    const arms = [share, 1].map((part, i) =>
      momentsOf(times(2_000 * part, () => spending(random) * (i === 1 ? 1 + lift : 1))),
    );
    return compareMetric({ kind: "mean", arms }, fixed);
  };

function readQuantile(values: readonly number[], level: number) {
  const sorted = Float64Array.from(values).sort();
  const { lower, upper } = quantileLevels(sorted.length, level);
  const at = (where: number) => quantile(sorted, where) ?? 0;
  return { n: sorted.length, lower: at(lower), value: at(level), upper: at(upper) };
}

const ninetiethPercentile: SimulatedExperiment = (random, lift) => {
  const arms = [1, 1 + lift].map((scale) =>
    readQuantile(
      times(800, () => scale * Math.exp(gaussian(random))),
      0.9,
    ),
  );
  return compareMetric({ kind: "quantile", level: 0.9, arms }, fixed);
};

/** Lengths of sessions, of users who differ; with or without the knowledge of whose they are. */
const sessions =
  (isClustered: boolean): SimulatedExperiment =>
  (random, lift) => {
    const arms = [1, 1 + lift].map((scale) => {
      const users = times(300, () => {
        const own = 0.8 * gaussian(random);
        return times(1 + poisson(random, 4), () => scale * Math.exp(own + 0.6 * gaussian(random)));
      });
      const reading = readQuantile(users.flat(), 0.9);
      const inside = users.map((u) => [u.filter((v) => v <= reading.value).length, u.length] as const);
      return isClustered ? { ...reading, inside: pairMomentsOf(inside) } : reading;
    });
    return compareMetric({ kind: "quantile", level: 0.9, arms }, fixed);
  };

/** The control's mean is 3.3 standard errors from 0: g of Fieller's interval is about 0.35. */
const noisyBase: SimulatedExperiment = (random, lift) => {
  const arms = [1, 1 + lift].map((mean) => momentsOf(times(100, () => mean + 3 * gaussian(random))));
  return compareMetric({ kind: "mean", arms }, fixed);
};

/** The interval by the delta method that others use, for comparison. */
function deltaMisses(random: Random, lift: number): boolean {
  const [c, t] = [1, 1 + lift].map((mean) => momentsOf(times(100, () => mean + 3 * gaussian(random))));
  if (!(c && t)) return false;
  const [vc, vt] = [c, t].map(({ n, m2 }) => m2 / (n - 1) / n);
  const spread = Math.sqrt((vt ?? 0) / c.mean ** 2 + ((vc ?? 0) * t.mean ** 2) / c.mean ** 4);
  return Math.abs((t.mean - c.mean) / Math.abs(c.mean) - lift) > 1.96 * spread;
}

/** Three primary metrics by two treatments, corrected by Holm: an error is any false positive among six. */
const family: SimulatedExperiment = (random) => {
  const metric = (): MetricInput => {
    const arms = times(3, () => ({ n: 500, converted: binomial(random, 500, 0.3) }));
    return { kind: "conversion", role: "primary", direction: "increase", arms };
  };
  return analyseMetrics(times(3, metric), fixed).flatMap(({ comparisons }) => comparisons);
};

function both(name: string, world: SimulatedExperiment, lift: number): Scenario[] {
  return [falsePositives(name, world, "about"), missedLifts(name, world, lift, "about")];
}

/** Every kind of metric, read once. */
export const estimators: Scenario[] = [
  ...both("ratio of clicks to pages", clicks, 0.2),
  ...both("ratio of clicks to pages, CUPED", adjustedClicks, 0.2),
  ...both("users in 80 companies an arm", companies(80, alike), 0.1),
  ...both("users in 20 companies an arm", companies(20, alike), 0.1),
  falsePositives("users in 40 companies of very unequal sizes", companies(40, unlike), "none"),
  ...both("CUPED, rho = 0.8", adjusted, 0.2),
  falsePositives("skewed revenue, capped", cappedRevenue, "at_most"),
  falsePositives("skewed revenue, not capped, 2,000 an arm", revenue(1), "none"),
  missedLifts("skewed revenue, not capped, 2,000 an arm", revenue(1), 0.2, "none"),
  falsePositives("skewed revenue, not capped, 10 % : 90 %", revenue(1 / 9), "none"),
  ...both("90th percentile", ninetiethPercentile, 0.2),
  ...both("90th percentile of sessions, by user", sessions(true), 0.2),
  falsePositives("the same, sessions taken as users", sessions(false), "none"),
  falsePositives("lift on a noisy control", noisyBase, "about"),
  // Intervals that are not bounded miss nothing, so that fewer than 5 % do.
  missedLifts("lift on a noisy control", noisyBase, 0.5, "at_most"),
  {
    name: "the same, by the delta method",
    what: "intervals that miss",
    level: ALPHA,
    promise: "none",
    happens: (random) => deltaMisses(random, 0.5),
  },
  falsePositives("six tests, Holm", family, "at_most"),
];
