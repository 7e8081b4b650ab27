import type { StepMoments, VariantMoments } from "@telltale/events";
import { binomial, type Random, type Scenario } from "@telltale/stats/simulation";
import { analyse } from "../analyse.ts";
import { inputs, metric, planOf, START, share, shareSums } from "../fixtures.ts";
import { looksOf } from "../looks/planned-looks.ts";
import type { AnalysisPlan } from "../plan/plan.ts";
import type { AnalysisInputs, TakenLook } from "../result/snapshot.ts";
import { chooseStepSeconds } from "../series/step.ts";

const RATE = 0.3;
/** Units of each arm a second. */
const PACE = 20;
const DAY = 86_400;
/** Seconds at which steps of every length end, and at which the analysis is run: just after the steps got longer. */
const ENDS = [110, 120, 300, 900, 3_600, 21_600, DAY];
const RUNS = [0.3, 1, 2, 10, 30, 120, 700, 3_000].map((hours) => hours * 3_600);
const variants = ["control", "treatment"];

/** Units and conversions of each arm as they stood at each of the ends. */
type Told = { at: number; arms: { n: number; converted: number }[] }[];

function tell(random: Random): Told {
  let [before, arms] = [0, variants.map(() => ({ n: 0, converted: 0 }))];
  return ENDS.map((at) => {
    const more = PACE * (at - before);
    before = at;
    arms = arms.map(({ n, converted }) => ({ n: n + more, converted: converted + binomial(random, more, RATE) }));
    return { at, arms };
  });
}

function momentsOf(told: Told, at: number): VariantMoments[] {
  const last = told.findLast((own) => own.at <= at);
  return variants.map((variant, arm) => {
    const { n = 0, converted = 0 } = last?.arms[arm] ?? {};
    return { variant, units: n, metrics: { buy: share(n, converted) } };
  });
}

/** What the store says by steps of this length: what came until an end of ours, at the step that it lies in. */
function seriesOf(told: Told, stepSeconds: number): StepMoments[] {
  return told.flatMap(({ at, arms }, index) => {
    const step = new Date(START + Math.floor((at - 1) / stepSeconds) * stepSeconds * 1_000).toISOString();
    return arms.map(({ n, converted }, arm): StepMoments => {
      const before = told[index - 1]?.arms[arm] ?? { n: 0, converted: 0 };
      const [units, did] = [n - before.n, converted - before.converted];
      return { at: step, variant: variants[arm] ?? "", units, metrics: { buy: shareSums(units, did) } };
    });
  });
}

/** Rows of one step and variant as one. */
function merged(series: readonly StepMoments[]): StepMoments[] {
  const rows = new Map<string, StepMoments>();
  for (const row of series) {
    const before = rows.get(`${row.at} ${row.variant}`);
    const [own, news] = [before?.metrics.buy, row.metrics.buy];
    const buy = own && news ? { n: own.n + news.n, y: own.y + news.y, yy: own.yy + news.yy } : news;
    rows.set(`${row.at} ${row.variant}`, {
      ...row,
      units: row.units + (before?.units ?? 0),
      metrics: buy ? { buy } : {},
    });
  }
  return [...rows.values()];
}

/**
 * A plan of 4,000 units that is full after two minutes, while units join for a day and steps get longer for months. The
 * looks are handed on, or not, as the worker does.
 */
function readWhileStepsGrow(random: Random, plan: AnalysisPlan, isHandedOn: boolean): boolean {
  const told = tell(random);
  let looks: TakenLook[] = [];
  return RUNS.map((to) => {
    const stepSeconds = chooseStepSeconds(to * 1_000);
    const series = merged(
      seriesOf(
        told.filter(({ at }) => at <= to),
        stepSeconds,
      ),
    );
    const found: AnalysisInputs = inputs(plan, { series, variants: momentsOf(told, to) }, { stepSeconds });
    const own = { ...found, window: { from: found.window.from, to: new Date(START + to * 1_000).toISOString() } };
    if (isHandedOn) looks = looksOf({ ...own, looks });
    const last = looks.at(-1);
    const atLook = last && momentsOf(told, (Date.parse(last.end) - START) / 1_000);
    const { verdict } = analyse({ ...own, ...(atLook ? { looks, atLook } : {}) });
    return verdict.code === "ship" || verdict.code === "roll_back";
  }).some(Boolean);
}

const buy = metric("buy");
const fixed = planOf([buy], { method: "fixed", plannedUnits: 4_000 });
const group = planOf([buy], { method: "group", plannedUnits: 400_000, looks: 5 });
const row = { what: "ship or roll back", level: 0.05, cost: 4 } as const;

/** Plans that are full long before the series' steps have got longer. */
export const coarseRows: readonly Scenario[] = [
  {
    ...row,
    name: "analysis, fixed plan, full after two minutes",
    promise: "at_most",
    happens: (random) => readWhileStepsGrow(random, fixed, true),
  },
  {
    ...row,
    name: "analysis, group plan, full within a day",
    promise: "at_most",
    happens: (random) => readWhileStepsGrow(random, group, true),
  },
  {
    ...row,
    name: "analysis, fixed plan, looks not handed on",
    promise: "none",
    happens: (random) => readWhileStepsGrow(random, fixed, false),
  },
];
