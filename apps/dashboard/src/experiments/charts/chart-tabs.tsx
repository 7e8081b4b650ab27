"use client";

import { Tabs } from "@telltale/ui";
import type { Analysis, ExperimentDetail } from "../../query/outputs.ts";
import { useQueryParam } from "../../shell/query-param.ts";
import type { ResultView } from "../reading/reading.ts";
import { DistributionCard } from "./distribution-card.tsx";
import { LiftCard } from "./lift-card.tsx";
import { ShareCard } from "./share-card.tsx";

interface ChartTabsProps {
  experiment: Pick<ExperimentDetail, "arms" | "status">;
  analysis: Analysis;
  lift: ResultView["lift"];
}

/** The numbers drawn: over time, by arm, by value. */
export function ChartTabs({ experiment: { arms, status }, analysis, lift }: ChartTabsProps) {
  const [chosen, choose] = useQueryParam("chart", "lift");
  const tabs = [
    {
      value: "lift",
      label: lift === "relative" ? "Lift over time" : "Difference over time",
      content: <LiftCard analysis={analysis} lift={lift} live={status !== "ended"} />,
    },
    { value: "share", label: "Exposure share", content: <ShareCard analysis={analysis} arms={arms} /> },
    { value: "distribution", label: "Distribution", content: <DistributionCard metrics={analysis.metrics} /> },
  ];
  const value = tabs.some((tab) => tab.value === chosen) ? chosen : "lift";
  return <Tabs label="Chart" value={value} onChange={choose} tabs={tabs} />;
}
