import { Cell, type Column, cx, formatCount, formatP, HeadCell, Row, Table } from "@telltale/ui";
import { CiCell, intervalNote, intervalText, sharedExtent, VariantMark } from "@telltale/ui/chart";
import type { Breakdown, MetricResult } from "../../query/outputs.ts";
import { effectOf, effectWriter } from "../metrics/effects.ts";
import type { ResultView } from "../reading/reading.ts";

interface BreakdownTableProps {
  breakdown: Breakdown;
  /** As the whole is read: names, formats. */
  metrics: readonly MetricResult[];
  lift: ResultView["lift"];
}

type Value = Breakdown["values"][number];
type Scales = ReadonlyMap<string, number>;

/** Values of an attribute down, metrics across; a row a value and treatment. */
export function BreakdownTable({ breakdown, metrics, lift }: BreakdownTableProps) {
  const { attribute, values } = breakdown;
  const scales = scalesOf(breakdown, metrics, lift);
  const columns: Column[] = [
    { key: "value", head: attribute },
    { key: "variant", head: "Variant" },
    ...metrics.map(({ key, name }) => ({ key, head: name, className: "min-w-56" })),
  ];
  const treatments = values[0]?.arms.slice(1) ?? [];
  return (
    <Table caption={`Results by ${attribute}`} columns={columns} scrolls>
      {values.flatMap((value) =>
        treatments.map(({ variant }, index) => (
          <Row key={`${value.value} ${variant}`}>
            <HeadCell className="min-w-36">
              <span className="block font-medium">{nameOf(value)}</span>
              <span className="block text-muted text-sm">{unitsWords(value)}</span>
              <SplitNote split={value.split} />
            </HeadCell>
            <Cell label="Variant">
              <VariantMark at={index + 1} name={variant} />
            </Cell>
            {metrics.map((metric) => (
              <EffectCell
                key={metric.key}
                metric={metric}
                value={value}
                variant={variant}
                lift={lift}
                extent={scales.get(metric.key) ?? 1}
              />
            ))}
          </Row>
        )),
      )}
    </Table>
  );
}

/** Null holds all values together that are not shown on their own. */
function nameOf({ value }: Value): string {
  if (value === null) return "All other values";
  return value === "" ? "(none)" : value;
}

function unitsWords({ arms }: Value): string {
  return `${formatCount(arms.reduce((sum, { units }) => sum + units, 0))} units`;
}

/** A value whose own split is off says so; the whole may well be split as planned. */
function SplitNote({ split: { state, p } }: Pick<Value, "split">) {
  if (state !== "alarm" && state !== "warning") return null;
  return (
    <span className={cx("block text-sm", state === "alarm" ? "text-danger" : "text-warn")}>
      {state === "alarm" ? "Split broken, do not trust this row" : "Split is a little off"}
      {p === null ? "" : ` (${formatP(p)})`}
    </span>
  );
}

function comparisonOf(value: Value, metric: string, variant: string) {
  const found = value.metrics.find(({ key }) => key === metric);
  return found?.comparisons.find((comparison) => comparison.variant === variant)?.comparison;
}

/** One scale a metric, over all values. */
function scalesOf({ values }: Breakdown, metrics: readonly MetricResult[], lift: ResultView["lift"]): Scales {
  const smallest = lift === "relative" ? undefined : 1e-12;
  return new Map(
    metrics.map(({ key }) => {
      const results = values.flatMap(({ metrics: found }) => found.filter((metric) => metric.key === key));
      const effects = results.flatMap(({ comparisons }) =>
        comparisons.map(({ comparison }) => effectOf(comparison, lift)),
      );
      return [key, sharedExtent(effects, smallest)] as const;
    }),
  );
}

interface EffectCellProps {
  metric: MetricResult;
  value: Value;
  variant: string;
  lift: ResultView["lift"];
  extent: number;
}

function EffectCell({ metric, value, variant, lift, extent }: EffectCellProps) {
  const comparison = comparisonOf(value, metric.key, variant);
  if (!comparison) return <Cell label={metric.name}>–</Cell>;
  const interval = effectOf(comparison, lift);
  const write = effectWriter(metric, lift);
  return (
    <Cell label={metric.name}>
      <span className="flex w-[204px] flex-col py-1">
        <CiCell
          interval={interval}
          extent={extent}
          outcome={comparison.outcome}
          what={`${metric.name}, ${lift === "relative" ? "lift" : "difference"}`}
          write={write}
        />
        {interval.state === "unknown" ? null : (
          <span className="text-sm">
            <span className="font-semibold">{write(interval.estimate)}</span>{" "}
            <span className="text-ink-2">{intervalNote(interval) ?? intervalText(interval, write)}</span>
          </span>
        )}
      </span>
    </Cell>
  );
}
