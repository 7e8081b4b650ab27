import type { MetricArms } from "../arms/metric.ts";
import { analyseMetric, analyseMetrics, type MetricInput, type Settings } from "../inference/analyse.ts";
import type { Comparison } from "../inference/result.ts";
import { mergeMoments, momentsOf } from "../moments/moments.ts";
import { pairMomentsOf } from "../moments/pair-moments.ts";
import { quantile, quantileLevels, winsorize } from "../moments/quantile.ts";
import { binomial, gaussian, poisson, type Random, times } from "./random.ts";

/** A world with a known truth, analysed as an experiment would be. */
export interface Scenario {
  name: string;
  /** Error level that is promised. */
  error: number;
  /** `about`: errors are as many as promised; `at_most`: no more; `none`: a misuse, shown for comparison. */
  promise: "about" | "at_most" | "none";
  /** Comparisons look by look (or metric by metric), with this true lift. */
  run(random: Random, lift: number): Comparison[];
  /** Runs of this one for each of the others': below 1 where one takes long. */
  share?: number;
  /** The lift whose interval is checked for coverage; null where only false positives are counted. */
  lift: number | null;
}

const ALPHA = 0.05;
const LOOKS = 20;
const fixed: Settings = { method: { kind: "fixed" }, alpha: ALPHA };
const sequence = (plannedUnits: number): Settings => ({ method: { kind: "sequence", plannedUnits }, alpha: ALPHA });

function analyse(metric: MetricArms, settings: Settings, role: MetricInput["role"] = "primary"): Comparison[] {
  return analyseMetric({ ...metric, role, direction: "increase" }, settings).comparisons;
}

/** Conversions at 10 %, looked at as often as there are settings. */
function peeked(
  random: Random,
  lift: number,
  looks: Settings[],
  perLook: number,
  role?: MetricInput["role"],
): Comparison[] {
  const arms = [
    { n: 0, converted: 0 },
    { n: 0, converted: 0 },
  ];
  return looks.flatMap((settings) => {
    for (const [i, arm] of arms.entries()) {
      arm.n += perLook;
      arm.converted += binomial(random, perLook, 0.1 * (1 + (i === 1 ? lift : 0)));
    }
    return analyse({ kind: "conversion", arms: arms.map((arm) => ({ ...arm })) }, settings, role);
  });
}

const fractions = [0.2, 0.4, 0.6, 0.8, 1];
const groupLooks = fractions.map((_, i): Settings => {
  return { method: { kind: "group", fractions: fractions.slice(0, i + 1) }, alpha: ALPHA };
});

/** Clicks over pages: pages differ by user, and so does the inclination to click. */
function clicks(random: Random, lift: number): Comparison[] {
  const user = (chance: number): [number, number] => {
    const pages = 1 + poisson(random, 4);
    return [binomial(random, pages, Math.min(1, Math.max(0, chance + 0.1 * gaussian(random)))), pages];
  };
  const arms = [0.4, 0.4 * (1 + lift)].map((chance) => pairMomentsOf(times(250, () => user(chance))));
  return analyse({ kind: "ratio", arms }, fixed);
}

/** Users in companies that differ: the sum and the number of users a company. */
function companies(random: Random, lift: number): Comparison[] {
  const company = (mean: number): [number, number] => {
    const size = 1 + poisson(random, 6);
    const own = mean + gaussian(random);
    return [size * own + Math.sqrt(size) * gaussian(random), size];
  };
  const arms = [5, 5 * (1 + lift)].map((mean) => pairMomentsOf(times(80, () => company(mean))));
  return analyse({ kind: "clustered", arms }, fixed);
}

/** Spending that follows what was spent before, with rho = 0.8. */
function adjusted(random: Random, lift: number): Comparison[] {
  const user = (extra: number): [number, number] => {
    const before = gaussian(random);
    return [10 + 8 * before + 6 * gaussian(random) + extra, 3 + 2 * before];
  };
  const arms = [0, 10 * lift].map((extra) => pairMomentsOf(times(200, () => user(extra))));
  return analyse({ kind: "adjusted_mean", arms }, fixed);
}

/** Revenue: one in five buys, for lognormal amounts; both arms capped at one P99. */
function revenue(random: Random): Comparison[] {
  const user = () => (random() < 0.2 ? Math.exp(2 * gaussian(random)) : 0);
  const arms = winsorize([times(1_000, user), times(1_000, user)], 0.99).arms;
  return analyse({ kind: "mean", arms: arms.map(({ moments }) => moments) }, fixed);
}

function ninetiethPercentile(random: Random, lift: number): Comparison[] {
  const arms = [1, 1 + lift].map((scale) => {
    const values = Float64Array.from(times(800, () => scale * Math.exp(gaussian(random)))).sort();
    const { lower, upper } = quantileLevels(values.length, 0.9);
    const [low, value, high] = [lower, 0.9, upper].map((level) => quantile(values, level) ?? 0);
    return { n: values.length, lower: low ?? 0, value: value ?? 0, upper: high ?? 0 };
  });
  return analyse({ kind: "quantile", level: 0.9, arms }, fixed);
}

/** Means of a skewed value, looked at 20 times. */
function peekedMeans(random: Random, lift: number): Comparison[] {
  let [control, treatment] = [momentsOf([]), momentsOf([])];
  return times(LOOKS, () => {
    const more = (scale: number) => momentsOf(times(100, () => scale * Math.exp(0.5 * gaussian(random))));
    control = mergeMoments(control, more(1));
    treatment = mergeMoments(treatment, more(1 + lift));
    return analyse({ kind: "mean", arms: [control, treatment] }, sequence(4_000));
  }).flat();
}

/** Three primary metrics by two treatments, corrected by Holm: an error is any false positive among six. */
function family(random: Random): Comparison[] {
  const metric = (): MetricInput => {
    const arms = times(3, () => ({ n: 500, converted: binomial(random, 500, 0.3) }));
    return { kind: "conversion", role: "primary", direction: "increase", arms };
  };
  return analyseMetrics(times(3, metric), fixed).flatMap(({ comparisons }) => comparisons);
}

export const scenarios: Scenario[] = [
  {
    name: "conversions, fixed",
    error: ALPHA,
    promise: "about",
    lift: 0.3,
    run: (r, lift) => peeked(r, lift, [fixed], 800),
  },
  {
    name: "conversions, fixed, but read 20 times",
    error: ALPHA,
    promise: "none",
    lift: null,
    run: (r, lift) =>
      peeked(
        r,
        lift,
        times(LOOKS, () => fixed),
        100,
      ),
  },
  {
    name: "conversions, sequence, 20 looks",
    error: ALPHA,
    promise: "at_most",
    lift: 0.3,
    run: (r, lift) =>
      peeked(
        r,
        lift,
        times(LOOKS, () => sequence(4_000)),
        100,
      ),
  },
  { name: "skewed means, sequence, 20 looks", error: ALPHA, promise: "at_most", lift: 0.1, run: peekedMeans },
  {
    name: "conversions, guardrail, 20 looks",
    error: ALPHA,
    promise: "at_most",
    lift: null,
    run: (r, lift) =>
      peeked(
        r,
        lift,
        times(LOOKS, () => sequence(4_000)),
        100,
        "guardrail",
      ),
  },
  {
    name: "conversions, group sequential, 5 looks",
    share: 0.2,
    error: ALPHA,
    promise: "about",
    lift: null,
    run: (r, lift) => peeked(r, lift, groupLooks, 400),
  },
  { name: "ratio of clicks to pages", error: ALPHA, promise: "about", lift: 0.2, run: clicks },
  { name: "users in companies", error: ALPHA, promise: "about", lift: 0.1, run: companies },
  { name: "CUPED", error: ALPHA, promise: "about", lift: 0.2, run: adjusted },
  { name: "skewed revenue, capped", error: ALPHA, promise: "at_most", lift: null, run: revenue },
  { name: "90th percentile", error: ALPHA, promise: "about", lift: 0.2, run: ninetiethPercentile },
  { name: "six tests, Holm", error: ALPHA, promise: "at_most", lift: null, run: family },
];
