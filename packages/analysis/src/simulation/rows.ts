import type { StepMoments, VariantMoments } from "@telltale/events";
import { binomial, type Random, type Scenario, times } from "@telltale/stats/simulation";
import { analyse } from "../analyse.ts";
import { day, inputs, metric, planOf, share, shareSums } from "../fixtures.ts";
import { judgeSplit } from "../health/split.ts";
import { isPlannedEnd } from "../plan/arms.ts";
import type { AnalysisPlan, PlannedMetric } from "../plan/plan.ts";
import { sizingOf } from "../progress/sizing.ts";
import type { Analysis } from "../result/analysis.ts";
import { coarseRows } from "./coarse.ts";

const ALPHA = 0.05;
const RATE = 0.3;
const buy = metric("buy", { minimumEffect: 0.2 });

/** A day's news of an arm: units, and how many of each metric's did it. */
type News = Record<string, [units: number, converted: number]>;

/** An experiment that is told day by day; `now` is the analysis at the end of the last day that was told. */
function toldBy(plan: AnalysisPlan) {
  const series: StepMoments[] = [];
  const totals = new Map<string, Record<string, { n: number; converted: number }>>();
  let days = 0;
  const tell = (variant: string, news: News) => {
    const own = totals.get(variant) ?? {};
    const metrics = Object.entries(news).map(([key, [n, converted]]) => {
      const before = own[key] ?? { n: 0, converted: 0 };
      own[key] = { n: before.n + n, converted: before.converted + converted };
      return [key, shareSums(n, converted)] as const;
    });
    totals.set(variant, own);
    const units = Math.max(...Object.values(news).map(([n]) => n));
    series.push({ at: day(days), variant, units, metrics: Object.fromEntries(metrics) });
  };
  const variants = () =>
    plan.arms.map(({ variant }): VariantMoments => {
      const own = Object.entries(totals.get(variant) ?? {});
      const metrics = Object.fromEntries(own.map(([key, { n, converted }]) => [key, share(n, converted)]));
      return { variant, units: Math.max(0, ...own.map(([, { n }]) => n)), metrics };
    });
  return {
    tell,
    endDay: () => {
      days += 1;
    },
    now: (): Analysis => analyse(inputs(plan, { series, variants: variants() }, { days })),
    isPlannedEnd: () => isPlannedEnd(inputs(plan, { variants: variants() }, { days })),
  };
}

const isColoured = ({ outcome }: { outcome: string }) => outcome === "better" || outcome === "worse";

/** A fixed plan of 4,000 units that is watched until there are three times as many, 10 looks apart. */
function fixedAndWatched(random: Random): boolean {
  const experiment = toldBy(planOf([buy], { method: "fixed", plannedUnits: 4_000 }));
  return times(30, () => {
    for (const variant of ["control", "treatment"])
      experiment.tell(variant, { buy: [200, binomial(random, 200, RATE)] });
    experiment.endDay();
    const { verdict } = experiment.now();
    return verdict.code === "ship" || verdict.code === "roll_back";
  }).some(Boolean);
}

/** All units on the first day, what they do over the next 60, read every day by a sequence. */
function growing(random: Random): boolean {
  const experiment = toldBy(planOf([buy], { plannedUnits: 4_000 }));
  const left = { control: 2_000, treatment: 2_000 };
  return times(60, (number) => {
    for (const variant of ["control", "treatment"] as const) {
      const converted = binomial(random, left[variant], 0.01);
      left[variant] -= converted;
      experiment.tell(variant, { buy: [number === 0 ? 2_000 : 0, converted] });
    }
    experiment.endDay();
    return experiment
      .now()
      .metrics.some(({ comparisons }) => comparisons.some(({ comparison }) => isColoured(comparison)));
  }).some(Boolean);
}

/** 20 values of an attribute in a fixed plan, looked at five times on its way. */
function brokenDown(random: Random): boolean {
  const plan = planOf([buy], { method: "fixed", plannedUnits: 20_000 });
  const counts = times(20, () => times(2, () => ({ n: 0, converted: 0 })));
  return times(5, () => {
    const breakdown = counts.map((arms, index) => ({
      value: `${index}`,
      variants: arms.map((arm, place) => {
        arm.n += 100;
        arm.converted += binomial(random, 100, RATE);
        return {
          variant: plan.arms[place]?.variant ?? "",
          units: arm.n,
          metrics: { buy: share(arm.n, arm.converted) },
        };
      }),
    }));
    const found = analyse(inputs(plan, { breakdown }, { breakdown: "country" })).breakdown?.values ?? [];
    return found.some(({ metrics }) =>
      metrics.some(({ comparisons }) => comparisons.some(({ comparison }) => isColoured(comparison))),
    );
  }).some(Boolean);
}

/** A sound split that is refreshed 1,000 times on its way to a million units. */
function refreshed(random: Random): boolean {
  const looks = [[0, 0]];
  times(1_000, () => {
    const [control = 0, treatment = 0] = looks.at(-1) ?? [];
    const more = binomial(random, 200, 0.5);
    looks.push([control + more, treatment + 200 - more]);
  });
  return judgeSplit(looks.slice(1), [1, 1]).state === "alarm";
}

const calm: PlannedMetric = metric("calm", { role: "guardrail", direction: "decrease", margin: 0.15 });

/** The fixed plan that the planner makes for a lift of 20 % and a guardrail with a margin of 15 %, run as planned. */
const planned = (() => {
  const plan = planOf([buy, calm], { method: "fixed", plannedUnits: 2 });
  const baseline = { value: RATE, unitVariance: RATE * (1 - RATE), isRate: true };
  return { ...plan, plannedUnits: sizingOf(plan, [baseline, baseline])?.units ?? 2 };
})();

function runAsPlanned(random: Random, lifts: { buy: number; calm: number }): Analysis["verdict"]["code"] {
  const experiment = toldBy(planned);
  const perDay = Math.ceil((planned.plannedUnits ?? 2) / 20);
  times(10, () => {
    for (const [variant, isTreated] of [["control", 0] as const, ["treatment", 1] as const]) {
      experiment.tell(variant, {
        buy: [perDay, binomial(random, perDay, RATE * (1 + isTreated * lifts.buy))],
        calm: [perDay, binomial(random, perDay, RATE * (1 + isTreated * lifts.calm))],
      });
    }
    experiment.endDay();
  });
  return experiment.now().verdict.code;
}

/** What is built on the statistics: plans, looks, checks and verdicts, by whole analyses. */
export const analysisRows: readonly Scenario[] = [
  {
    name: "analysis, fixed plan, watched to three times its size",
    what: "ship or roll back",
    level: ALPHA,
    promise: "at_most",
    cost: 4,
    happens: fixedAndWatched,
  },
  {
    name: "analysis, all units at the start, 60 daily looks",
    what: "false positives",
    level: ALPHA,
    promise: "at_most",
    cost: 10,
    happens: growing,
  },
  {
    name: "analysis, breakdown by 20 values, 5 looks",
    what: "a coloured value",
    level: ALPHA,
    promise: "at_most",
    cost: 4,
    happens: brokenDown,
  },
  {
    name: "analysis, split refreshed 1,000 times",
    what: "false alarms",
    level: 0.001,
    promise: "at_most",
    cost: 4,
    happens: refreshed,
  },
  {
    name: "analysis, run as planned with a guardrail",
    what: "ship",
    level: planned.settings.power,
    promise: "at_least",
    cost: 4,
    happens: (random) => runAsPlanned(random, { buy: 0.2, calm: 0 }) === "ship",
  },
  {
    name: "analysis, a win, and harm as large as the margin",
    what: "ship",
    level: ALPHA,
    promise: "at_most",
    cost: 4,
    happens: (random) => runAsPlanned(random, { buy: 0.2, calm: 0.15 }) === "ship",
  },
  ...coarseRows,
];
