"use client";

import { Tabs } from "@telltale/ui";
import type { Analysis, ExperimentDetail } from "../../query/outputs.ts";
import { useQueryParam } from "../../shell/query-param.ts";
import { DistributionCard } from "./distribution-card.tsx";
import { LiftCard } from "./lift-card.tsx";
import { ShareCard } from "./share-card.tsx";

/** The numbers drawn: over time, by arm, by value. */
export function ChartTabs({ analysis, arms }: { analysis: Analysis; arms: ExperimentDetail["arms"] }) {
  const [chosen, choose] = useQueryParam("chart", "lift");
  const tabs = [
    { value: "lift", label: "Lift over time", content: <LiftCard {...analysis} /> },
    { value: "share", label: "Exposure share", content: <ShareCard analysis={analysis} arms={arms} /> },
    { value: "distribution", label: "Distribution", content: <DistributionCard metrics={analysis.metrics} /> },
  ];
  const value = tabs.some((tab) => tab.value === chosen) ? chosen : "lift";
  return <Tabs label="Chart" value={value} onChange={choose} tabs={tabs} />;
}
