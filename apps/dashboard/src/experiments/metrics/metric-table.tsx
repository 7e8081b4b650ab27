"use client";

import { type Column, Table, TableGroup } from "@telltale/ui";
import { CiScale, commonLevel, levelText } from "@telltale/ui/chart";
import type { ReactNode } from "react";
import type { MetricResult, Snapshot } from "../../query/outputs.ts";
import type { Reading } from "../reading/reading.ts";
import { ComparisonRow } from "./comparison-row.tsx";
import { effectOf, extents } from "./effects.ts";
import { GROUPS } from "./metric-words.ts";

interface MetricTableProps {
  analysis: Pick<Snapshot, "arms" | "metrics">;
  lift: Reading["lift"];
  /** Of a breakdown: whose numbers these are. */
  caption?: string;
}

/** Each metric, each treatment against the control: primary ones, guardrails, then the others. */
export function MetricTable({ analysis, lift, caption = "Metrics" }: MetricTableProps) {
  const { metrics, arms } = analysis;
  const variants = arms.map(({ variant }) => variant);
  const scales = extents(metrics, lift);
  const level = commonLevel(
    metrics.flatMap(({ comparisons }) => comparisons.map(({ comparison }) => effectOf(comparison, lift))),
  );
  const columns = columnsOf(lift, level, lift === "relative" ? [...scales.values()][0] : undefined);
  return (
    <Table caption={caption} columns={columns} scrolls grouped>
      {GROUPS.map(({ role, head }) => {
        const group = metrics.filter((metric) => metric.role === role);
        if (group.length === 0) return null;
        return (
          <TableGroup key={role} head={head} columns={columns.length}>
            {group.flatMap((metric) => rowsOf(metric, variants, lift, scales.get(metric.key) ?? 1, level === null))}
          </TableGroup>
        );
      })}
    </Table>
  );
}

function rowsOf(
  metric: MetricResult,
  variants: string[],
  lift: Reading["lift"],
  extent: number,
  levels: boolean,
): ReactNode[] {
  return metric.comparisons.map((result) => (
    <ComparisonRow
      key={`${metric.key} ${result.variant}`}
      metric={metric}
      result={result}
      variants={variants}
      lift={lift}
      extent={extent}
      showLevel={levels}
    />
  ));
}

function columnsOf(lift: Reading["lift"], level: number | null, extent: number | undefined): Column[] {
  return [
    { key: "metric", head: "Metric" },
    { key: "control", head: "Control", align: "end" },
    { key: "treatment", head: "Variant", align: "end" },
    { key: "lift", head: lift === "relative" ? "Lift" : "Difference", align: "end" },
    {
      key: "interval",
      head: (
        <span className="flex flex-col items-center">
          {level === null ? "CI" : levelText(level)}
          {extent === undefined ? (
            <span className="font-normal text-xs">each metric on its own scale, 0 in the middle</span>
          ) : (
            <CiScale extent={extent} />
          )}
        </span>
      ),
      className: "w-[236px] py-1.5",
    },
    { key: "p", head: "p-value" },
    { key: "outcome", head: "Outcome" },
  ];
}
