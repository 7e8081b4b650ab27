import type { ChartTable } from "@telltale/ui/chart";
import type { Comparison, Snapshot } from "../../query/outputs.ts";

const COLUMNS = [
  "metric",
  "name",
  "role",
  "control",
  "control n",
  "control value",
  "variant",
  "variant n",
  "variant value",
  "variant raw value",
  "lift",
  "lift low",
  "lift high",
  "lift state",
  "difference",
  "difference low",
  "difference high",
  "level",
  "method",
  "formula",
  "p",
  "p corrected",
  "correction",
  "outcome",
  "variance reduction",
  "data to",
];

/** The table of metrics for a file: a row a treatment and metric, plain numbers, fractions for lifts and shares. */
export function metricCsv({ metrics }: Pick<Snapshot, "metrics">, dataTo: Date): ChartTable {
  const rows = metrics.flatMap((metric) =>
    metric.comparisons.map(({ variant, comparison }) => {
      const [control, treatment] = [metric.arms[0], metric.arms.find((arm) => arm.variant === variant)];
      const { lift, difference } = comparison;
      const origin = lift.state === "unknown" ? difference : lift;
      const made = origin.state === "unknown" ? [null, null, null] : [origin.level, origin.method, origin.formula];
      return [
        metric.key,
        metric.name,
        metric.role,
        control?.variant ?? null,
        control?.n ?? null,
        control?.value ?? null,
        variant,
        treatment?.n ?? null,
        treatment?.value ?? null,
        treatment?.raw ?? null,
        lift.estimate,
        ...ends(lift),
        lift.state,
        difference.estimate,
        ...ends(difference),
        ...made,
        comparison.p,
        comparison.adjustedP,
        comparison.correction,
        comparison.outcome,
        metric.adjustment?.varianceReduction ?? null,
        dataTo.toISOString(),
      ].map((cell) => cell ?? "");
    }),
  );
  return { columns: COLUMNS, rows };
}

function ends(interval: Comparison["lift"]): [number | null, number | null] {
  return interval.state === "bounded" || interval.state === "one_sided" ? [interval.low, interval.high] : [null, null];
}
