"use client";

import { EmptyState } from "@telltale/ui";
import { ChartFrame, Histogram } from "@telltale/ui/chart";
import type { MetricResult } from "../../query/outputs.ts";
import { useQueryParam } from "../../shell/query-param.ts";
import { valueWords } from "../metrics/metric-words.ts";
import { distributionSentence, distributionTable, histograms, withHistogram } from "./distribution.ts";
import { MetricSelect } from "./metric-select.tsx";

/** How units spread over the values of a metric. */
export function DistributionCard({ metrics }: { metrics: readonly MetricResult[] }) {
  const counted = withHistogram(metrics);
  const [chosen, choose] = useQueryParam("values", counted[0]?.key ?? "");
  const metric = counted.find(({ key }) => key === chosen) ?? counted[0];
  if (!metric) {
    return (
      <div className="rounded-lg border border-line bg-raised">
        <EmptyState title="No distribution">
          Values are counted by size for counts, sums and quantiles. This experiment has none of them, or no values.
        </EmptyState>
      </div>
    );
  }
  const sentence = distributionSentence(metric);
  return (
    <ChartFrame
      title="Distribution"
      unit="share of an arm's units, by value"
      sentence={sentence}
      table={distributionTable(metric)}
      aside={<MetricSelect metrics={counted} chosen={metric} onChange={choose} />}
    >
      <Histogram
        series={histograms(metric)}
        write={(value) => valueWords(value, metric)}
        sentence={`Distribution: ${sentence}`}
      />
    </ChartFrame>
  );
}
