import type { StepMoments, StepSums } from "@telltale/events";
import { countOf } from "../plan/arms.ts";
import type { AnalysisPlan } from "../plan/plan.ts";

/** How everything stood at the end of a step. */
export interface Totals {
  /** When the step began. */
  at: string;
  /** Units by arm. */
  units: number[];
  /** Sums by metric, then arm; undefined before the first news. */
  metrics: (StepSums | undefined)[][];
  /** The last step of its UTC day that has news: looks are taken there. */
  endsDay: boolean;
}

function added(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
}

function add(before: StepSums | undefined, news: StepSums): StepSums {
  if (!before) return news;
  const [x, xx, xy] = [added(before.x, news.x), added(before.xx, news.xx), added(before.xy, news.xy)];
  return {
    n: before.n + news.n,
    y: before.y + news.y,
    yy: before.yy + news.yy,
    ...(x === undefined ? {} : { x }),
    ...(xx === undefined ? {} : { xx }),
    ...(xy === undefined ? {} : { xy }),
  };
}

const dayOf = (at: string) => at.slice(0, 10);

/** Adds the steps up, in the order of time; steps without news are left out. */
export function cumulate({ arms, metrics }: AnalysisPlan, series: readonly StepMoments[]): Totals[] {
  const byStep = new Map<string, Map<string, StepMoments>>();
  for (const row of series.toSorted((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1))) {
    const rows = byStep.get(row.at) ?? new Map<string, StepMoments>();
    byStep.set(row.at, rows.set(row.variant, row));
  }
  const steps = [...byStep];
  let units = arms.map(() => 0);
  let sums: Totals["metrics"] = metrics.map(() => arms.map(() => undefined));
  return steps.map(([at, rows], index) => {
    const news = arms.map(({ variant }) => rows.get(variant));
    units = units.map((own, arm) => countOf(own + countOf(news[arm]?.units)));
    sums = sums.map((own, metric) => {
      const key = metrics[metric]?.key ?? "";
      return own.map((before, arm) => {
        const more = news[arm]?.metrics[key];
        return more ? add(before, more) : before;
      });
    });
    const next = steps[index + 1]?.[0];
    return { at, units, metrics: sums, endsDay: next === undefined || dayOf(next) !== dayOf(at) };
  });
}
