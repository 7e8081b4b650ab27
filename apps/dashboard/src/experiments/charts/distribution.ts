import { formatCount, formatRate } from "@telltale/ui";
import { type ChartCell, type ChartTable, type HistogramSeries, outlines } from "@telltale/ui/chart";
import type { MetricResult } from "../../query/outputs.ts";
import { capWords, valueWords } from "../metrics/metric-words.ts";

/** The metrics whose values were counted by size. */
export function withHistogram(metrics: readonly MetricResult[]): MetricResult[] {
  return metrics.filter(({ arms }) => arms.some(({ histogram }) => histogram !== null && histogram.length > 0));
}

/** One histogram an arm. */
export function histograms({ arms }: Pick<MetricResult, "arms">): HistogramSeries[] {
  return arms.map(({ variant, histogram }, place) => ({ name: variant, place, bins: histogram ?? [] }));
}

function rangeWords(from: number, to: number, metric: MetricResult): string {
  return `${valueWords(from, metric)} to under ${valueWords(to, metric)}`;
}

/** The same numbers as rows: a bin, and for each arm units and share. */
export function distributionTable(metric: MetricResult): ChartTable {
  const series = histograms(metric);
  const { slots, shares } = outlines(series);
  const rows = slots.map(({ from, to }, slot): ChartCell[] => [
    { text: valueWords(from, metric), value: from },
    { text: valueWords(to, metric), value: to },
    ...series.flatMap(({ bins }, at): ChartCell[] => {
      const units = bins.find((bin) => bin.from === from)?.units ?? 0;
      const share = shares[at]?.[slot] ?? 0;
      return [
        { text: formatCount(units), value: units },
        { text: formatRate(share), value: share },
      ];
    }),
  ]);
  return {
    columns: ["From", "To, below", ...series.flatMap(({ name }) => [`${name}, units`, `${name}, share`])],
    rows,
  };
}

/** The chart in a sentence: where most units of each arm lie, and what was cut. */
export function distributionSentence(metric: MetricResult): string {
  const words = histograms(metric).map(({ name, bins }) => {
    const [fullest] = bins.toSorted((a, b) => b.units - a.units);
    if (!fullest) return `${name}: nothing`;
    const total = bins.reduce((all, { units }) => all + units, 0);
    const part = formatRate(fullest.units / total, 0);
    return `${name}: ${part} of ${formatCount(total)} in ${rangeWords(fullest.from, fullest.to, metric)}`;
  });
  const cap = capWords(metric);
  const cut = cap ? ` Values ${cap} are counted as that.` : "";
  return `${metric.name}, the fullest bin of each arm. ${words.join("; ")}.${cut}`;
}
