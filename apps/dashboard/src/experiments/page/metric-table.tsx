"use client";

import { Cell, type Column, formatChange, formatCount, formatP, formatRate, HeadCell, Row, Table } from "@telltale/ui";
import { CiCell, CiScale, intervalText, sharedExtent, VariantMark, VerdictWord } from "@telltale/ui/chart";
import type { ExperimentDetail, Snapshot } from "../../query/outputs.ts";

interface MetricTableProps {
  experiment: ExperimentDetail;
  snapshot: Snapshot;
}

type MetricResult = Snapshot["metrics"][number];
type TreatmentResult = MetricResult["comparisons"][number];

const ROLES = { primary: "Primary", secondary: "Secondary", guardrail: "Guardrail" };
const ORDER = { primary: 0, guardrail: 1, secondary: 2 };

/** Each metric, each treatment against the control, on one scale. */
export function MetricTable({ experiment, snapshot }: MetricTableProps) {
  const results = snapshot.metrics.toSorted((a, b) => ORDER[a.role] - ORDER[b.role]);
  const comparisons = results.flatMap((metric) => metric.comparisons);
  const extent = sharedExtent(comparisons.map(({ comparison }) => comparison.lift));
  const confidence = comparisons[0]?.comparison.confidence ?? 0.95;
  const level = `${Number((confidence * 100).toFixed(1))} % CI`;
  const columns: Column[] = [
    { key: "metric", head: "Metric" },
    { key: "control", head: "Control", align: "end" },
    { key: "treatment", head: "Variant", align: "end" },
    { key: "lift", head: "Lift", align: "end" },
    { key: "interval", head: <IntervalHead level={level} extent={extent} />, className: "w-[236px] py-1.5" },
    { key: "p", head: "p-value" },
    { key: "verdict", head: "Verdict" },
  ];
  return (
    <Table caption="Metrics" columns={columns} scrolls>
      {results.flatMap((metric) =>
        metric.comparisons.map((result) => (
          <ComparisonRow
            key={`${metric.key} ${result.variant}`}
            experiment={experiment}
            metric={metric}
            result={result}
            extent={extent}
          />
        )),
      )}
    </Table>
  );
}

function IntervalHead({ level, extent }: { level: string; extent: number }) {
  return (
    <span className="flex flex-col items-center">
      {level}
      <CiScale extent={extent} />
    </span>
  );
}

interface ComparisonRowProps {
  experiment: ExperimentDetail;
  metric: MetricResult;
  result: TreatmentResult;
  extent: number;
}

function ComparisonRow({ experiment, metric, result, extent }: ComparisonRowProps) {
  const { comparison, variant } = result;
  const about = experiment.metrics.find(({ key }) => key === metric.key);
  const { lift } = comparison;
  return (
    <Row>
      <HeadCell>
        <span className="block font-medium sm:whitespace-nowrap">{about?.name ?? metric.key}</span>
        <span className="text-muted text-sm">
          {ROLES[metric.role]}
          {about?.direction === "decrease" ? ", lower is better" : ""}
        </span>
      </HeadCell>
      <RateCell metric={metric} experiment={experiment} variant={experiment.arms[0]?.variant ?? ""} label="Control" />
      <RateCell metric={metric} experiment={experiment} variant={variant} label="Variant" />
      <Cell label="Lift" align="end">
        <span className="font-semibold">{lift.state === "undefined" ? "–" : formatChange(lift.estimate)}</span>
      </Cell>
      <Cell className="max-sm:justify-center">
        <span className="flex w-[204px] flex-col items-center py-1">
          <CiCell interval={lift} extent={extent} verdict={comparison.verdict} confidence={comparison.confidence} />
          {lift.state === "bounded" ? <span className="text-ink-2 text-sm">{intervalText(lift)}</span> : null}
        </span>
      </Cell>
      <Cell label="p-value" className="whitespace-nowrap">
        {comparison.p === null ? "–" : formatP(comparison.p)}
        {comparison.state === "few-conversions" ? (
          <span className="block text-muted text-sm">few conversions</span>
        ) : null}
      </Cell>
      <Cell label="Verdict">
        <VerdictWord verdict={comparison.verdict} />
      </Cell>
    </Row>
  );
}

interface RateCellProps {
  experiment: ExperimentDetail;
  metric: MetricResult;
  variant: string;
  label: string;
}

function RateCell({ experiment, metric, variant, label }: RateCellProps) {
  const arm = metric.arms.find((candidate) => candidate.variant === variant);
  const at = experiment.arms.findIndex((candidate) => candidate.variant === variant);
  return (
    <Cell label={label} align="end">
      <span className="inline-block">
        <span className="block font-medium">{arm?.rate == null ? "–" : formatRate(arm.rate)}</span>
        <span className="flex items-center justify-end gap-2 whitespace-nowrap text-muted text-sm">
          <VariantMark at={at} name={variant} />
        </span>
        <span className="block whitespace-nowrap text-muted text-xs">
          {formatCount(arm?.converted ?? 0)} of {formatCount(arm?.units ?? 0)}
        </span>
      </span>
    </Cell>
  );
}
