"use client";

import { type Column, Table, TableGroup } from "@telltale/ui";
import { CiScale, commonLevel, levelText } from "@telltale/ui/chart";
import type { Snapshot } from "../../query/outputs.ts";
import type { ResultView } from "../reading/reading.ts";
import { ComparisonRow } from "./comparison-row.tsx";
import { effectOf, extents } from "./effects.ts";
import { GROUPS } from "./metric-words.ts";

interface MetricTableProps {
  analysis: Pick<Snapshot, "arms" | "metrics" | "settings">;
  lift: ResultView["lift"];
  /** By metric key: the names of a funnel's steps. */
  steps?: ReadonlyMap<string, readonly string[]>;
}

/** Each metric, each treatment against the control: primary ones, guardrails, then the others. */
export function MetricTable({ analysis, lift, steps }: MetricTableProps) {
  const { metrics, arms } = analysis;
  const variants = arms.map(({ variant }) => variant);
  const scales = extents(metrics, lift);
  const effects = metrics.flatMap(({ comparisons }) => comparisons.map(({ comparison }) => effectOf(comparison, lift)));
  const level = commonLevel(effects);
  const [scale] = effects.every(({ state }) => state === "unknown") ? [] : scales.values();
  const columns = columnsOf(lift, level, scale);
  return (
    <Table caption="Metrics" columns={columns} scrolls grouped>
      {GROUPS.map(({ role, head }) => {
        const group = metrics.filter((metric) => metric.role === role);
        if (group.length === 0) return null;
        return (
          <TableGroup key={role} head={head} columns={columns.length}>
            {group.flatMap((metric) =>
              metric.comparisons.map((result, at) => (
                <ComparisonRow
                  key={`${metric.key} ${result.variant}`}
                  metric={metric}
                  isOneSided={role === "guardrail" || (role === "primary" && analysis.settings.sides === "one")}
                  isFirst={at === 0}
                  steps={steps?.get(metric.key) ?? []}
                  result={result}
                  variants={variants}
                  lift={lift}
                  extent={scales.get(metric.key) ?? 1}
                  showLevel={level === null}
                />
              )),
            )}
          </TableGroup>
        );
      })}
    </Table>
  );
}

function columnsOf(lift: ResultView["lift"], level: number | null, extent: number | undefined): Column[] {
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
          {extent === undefined ? null : lift === "relative" ? (
            <CiScale extent={extent} />
          ) : (
            <span className="font-normal text-xs">each metric on its own scale, 0 in the middle</span>
          )}
        </span>
      ),
      className: "w-[236px] py-1.5",
    },
    { key: "p", head: "p-value" },
    { key: "outcome", head: "Outcome" },
  ];
}
