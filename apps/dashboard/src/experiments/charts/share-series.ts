import { formatCount, formatPoints, formatRate } from "@telltale/ui";
import { type ChartCell, type ChartTable, stepWords, type TimeLine, type TimeValue } from "@telltale/ui/chart";
import type { ExperimentDetail, Snapshot } from "../../query/outputs.ts";

type Series = Pick<Snapshot, "series" | "stepSeconds">;
type Arms = ExperimentDetail["arms"];

/** A fair split stays so many standard errors around its plan in 99.9 % of looks: the level of the split's alarm. */
const BAND = 3.290527;
const WHOLE = 100_000;

interface Step {
  at: string;
  /** Units so far, by variant. */
  units: Map<string, number>;
}

/**
 * Units so far at the end of each step, every arm present: a step without news of an arm keeps its number. Every metric's
 * points tell the same units, so those of one are enough.
 */
function steps({ series }: Series): Step[] {
  const ofUnits = series
    .filter(({ metric }) => metric === series[0]?.metric)
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const found: Step[] = [];
  for (const { at, variant, units } of ofUnits) {
    const last = found.at(-1);
    if (last?.at === at) last.units.set(variant, units);
    else found.push({ at, units: new Map(last?.units).set(variant, units) });
  }
  return found;
}

const sum = (units: Map<string, number>) => [...units.values()].reduce((total, count) => total + count, 0);

/**
 * One line an arm: how far its share of all units lies from its planned one, as a fraction; the band is where a fair
 * split of so many units stays, plan ± 3.29 sqrt(p (1 - p) / n).
 */
export function shareLines(series: Series, arms: Arms): TimeLine[] {
  const found = steps(series);
  return arms.map(({ variant, parts }, place) => ({
    name: variant,
    place,
    points: found.map(({ at, units }) => {
      const total = sum(units);
      if (total === 0) return { at, value: null };
      const planned = parts / WHOLE;
      const band = BAND * Math.sqrt((planned * (1 - planned)) / total);
      return { at, value: { estimate: (units.get(variant) ?? 0) / total - planned, low: -band, high: band } };
    }),
  }));
}

/** "+0.12 pt, fair within ±0.40 pt". */
export function shareWords({ estimate, high }: TimeValue): string {
  return `${formatPoints(estimate)} from plan, fair within ±${formatPoints(high ?? 0).replace("+", "")}`;
}

/** The same numbers as rows. */
export function shareTable(series: Series, arms: Arms): ChartTable {
  const lines = shareLines(series, arms);
  const rows = steps(series).flatMap(({ at, units }, index) =>
    arms.map(({ variant, parts }, place): ChartCell[] => {
      const value = lines[place]?.points[index]?.value;
      const count = units.get(variant) ?? 0;
      const share = value ? count / sum(units) : null;
      const within = value ? (value.high ?? 0) : null;
      return [
        { text: stepWords(at, series.stepSeconds), value: at },
        variant,
        { text: formatCount(count), value: count },
        { text: share === null ? "–" : formatRate(share), value: share },
        { text: formatRate(parts / WHOLE), value: parts / WHOLE },
        { text: value ? formatPoints(value.estimate) : "–", value: value?.estimate ?? null },
        { text: within === null ? "–" : `±${formatPoints(within).replace("+", "")}`, value: within },
      ];
    }),
  );
  return { columns: ["Time", "Variant", "Units", "Share", "Planned", "From plan", "Fair within"], rows };
}

/** The chart in a sentence: the newest shares, and what the check of the split found. */
export function shareSentence({ arms, health }: Pick<Snapshot, "arms" | "health">): string {
  const total = arms.reduce((all, { units }) => all + units, 0);
  if (total === 0) return "Nobody has been exposed yet.";
  const shares = arms.map(({ variant, units }) => `${variant} ${formatRate(units / total, 1)}`).join(", ");
  const found = health.find(({ check }) => check === "split")?.sentence;
  return [`Of ${formatCount(total)} units: ${shares}.`, found].filter(Boolean).join(" ");
}
