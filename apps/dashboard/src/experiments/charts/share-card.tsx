"use client";

import { formatPoints } from "@telltale/ui";
import { ChartFrame, OverTime, VariantMark } from "@telltale/ui/chart";
import type { ExperimentDetail, Snapshot } from "../../query/outputs.ts";
import { shareLines, shareSentence, shareTable, shareWords } from "./share-series.ts";

interface ShareCardProps {
  analysis: Pick<Snapshot, "arms" | "health" | "series" | "stepSeconds">;
  /** With their planned parts. */
  arms: ExperimentDetail["arms"];
}

/** Whether people were split as planned, step by step. */
export function ShareCard({ analysis, arms }: ShareCardProps) {
  const lines = shareLines(analysis, arms);
  const sentence = shareSentence(analysis);
  return (
    <ChartFrame
      title="Exposure share"
      unit="points from the planned share, cumulative"
      sentence={sentence}
      table={shareTable(analysis, arms)}
    >
      <OverTime
        lines={lines}
        stepSeconds={analysis.stepSeconds}
        title="Exposure share"
        desc={sentence}
        write={formatPoints}
        words={(_, value) => shareWords(value)}
        band="expected"
        empty="Nobody has been exposed yet."
      />
      <ul aria-label="Variants in the chart" className="mt-2 flex flex-wrap gap-4">
        {lines.map((line) => (
          <li key={line.name}>
            <VariantMark at={line.place} name={line.name} />
          </li>
        ))}
        <li className="text-muted text-sm">Grey: where a fair split stays 99.9 % of the time.</li>
      </ul>
    </ChartFrame>
  );
}
