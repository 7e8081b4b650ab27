import type { Analysis, AnalysisPlan } from "@telltale/control";
import type { ExperimentMoments } from "@telltale/events";
import { splitCheck } from "@telltale/stats";
import { compareCounts } from "./comparison.ts";
import { cumulate } from "./series.ts";
import { decide } from "./verdict.ts";

/** Name and version of what computed a snapshot; a change in the numbers or in their shape is a new version. */
export const ENGINE = "telltale/stats/2";

/** From moments to everything the results page shows. Pure. */
export function analyse(
  plan: Pick<AnalysisPlan, "status" | "arms" | "metrics">,
  moments: ExperimentMoments,
  stepSeconds: number,
): Analysis {
  const rows = new Map(moments.variants.map((row) => [row.variant, row]));
  const units = (variant: string) => rows.get(variant)?.units ?? 0;
  const arms = plan.arms.map(({ variant }) => ({ variant, units: units(variant) }));
  const split = splitCheck(
    arms.map((arm) => arm.units),
    plan.arms.map((arm) => arm.parts),
  );
  const metrics = plan.metrics.map((metric) => analyseMetric(metric, arms, rows));
  const people = arms.reduce((sum, arm) => sum + arm.units, 0);
  const primary = metrics.find((metric) => metric.role === "primary");
  const name = plan.metrics.find((metric) => metric.key === primary?.key)?.name ?? "";
  return {
    people,
    arms,
    severalVariants: moments.severalVariants,
    split,
    metrics,
    stepSeconds,
    series: cumulate(
      moments,
      arms.map((arm) => arm.variant),
      plan.metrics,
    ),
    verdict: decide({
      status: plan.status,
      split,
      people,
      primary: { metric: name, comparisons: primary?.comparisons ?? [] },
    }),
  };
}

function analyseMetric(
  metric: AnalysisPlan["metrics"][number],
  arms: Analysis["arms"],
  rows: Map<string, ExperimentMoments["variants"][number]>,
): Analysis["metrics"][number] {
  const counted = arms.map(({ variant, units }) => {
    const converted = rows.get(variant)?.metrics[metric.key]?.converted ?? 0;
    return { variant, units, converted, rate: units > 0 ? converted / units : null };
  });
  const [control, ...treatments] = counted;
  const comparisons = control
    ? treatments.map((arm) => ({
        variant: arm.variant,
        comparison: compareCounts(control, arm, metric.direction),
      }))
    : [];
  return { key: metric.key, role: metric.role, arms: counted, comparisons };
}
