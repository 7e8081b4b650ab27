"use client";

import {
  Badge,
  Cell,
  type Column,
  formatChange,
  formatCount,
  formatP,
  formatRate,
  HeadCell,
  Row,
  Table,
} from "@telltale/ui";
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
    { key: "interval", head: level },
    { key: "drawing", head: <CiScale extent={extent} />, className: "w-[236px]" },
    { key: "p", head: "p-value" },
    { key: "verdict", head: "Verdict" },
  ];
  return (
    <Table caption="Metrics" columns={columns}>
      {results.flatMap((metric) =>
        metric.comparisons.map((result) => (
          <ComparisonRow
            key={`${metric.key} ${result.variant}`}
            experiment={experiment}
            metric={metric}
            result={result}
            extent={extent}
            level={level}
          />
        )),
      )}
    </Table>
  );
}

interface ComparisonRowProps {
  experiment: ExperimentDetail;
  metric: MetricResult;
  result: TreatmentResult;
  extent: number;
  level: string;
}

function ComparisonRow({ experiment, metric, result, extent, level }: ComparisonRowProps) {
  const { comparison, variant } = result;
  const about = experiment.metrics.find(({ key }) => key === metric.key);
  const { lift } = comparison;
  return (
    <Row>
      <HeadCell>
        <span className="font-medium">{about?.name ?? metric.key}</span> <Badge>{ROLES[metric.role]}</Badge>
        {about?.direction === "decrease" ? <span className="block text-muted text-sm">lower is better</span> : null}
      </HeadCell>
      <RateCell metric={metric} experiment={experiment} variant={experiment.arms[0]?.variant ?? ""} label="Control" />
      <RateCell metric={metric} experiment={experiment} variant={variant} label="Variant" />
      <Cell label="Lift" align="end" className="font-semibold">
        {lift.state === "undefined" ? "–" : formatChange(lift.estimate)}
      </Cell>
      <Cell label={level} className="text-sm xl:whitespace-nowrap">
        {intervalText(lift)}
      </Cell>
      <Cell className="max-sm:justify-center">
        <CiCell interval={lift} extent={extent} verdict={comparison.verdict} confidence={comparison.confidence} />
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
