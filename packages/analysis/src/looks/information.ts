import { unitVariancesOf } from "@telltale/stats";
import { armsOfSums } from "../moments/arms-of-sums.ts";
import { sum } from "../plan/arms.ts";
import type { AnalysisPlan, PlannedMetric } from "../plan/plan.ts";
import type { TakenLook } from "../result/snapshot.ts";
import type { Totals } from "../series/cumulate.ts";
import { isSettled } from "./clock.ts";

type Information = NonNullable<TakenLook["information"]>;

/** The plain estimator of a metric, whatever it is adjusted by later; null for quantiles, which have no sums. */
function plainKind({ definition: { kind } }: PlannedMetric) {
  if (kind === "quantile") return null;
  if (kind === "conversion" || kind === "funnel" || kind === "retention") return "conversion";
  return kind === "count" || kind === "sum" ? "mean" : "ratio";
}

/**
 * By metric, then treatment: the information that was there at the end of a step, units times the variance of one. By it
 * looks at values that go on growing are told to be less alike than their units are. Null where units tell it (what is
 * settled when a unit is counted) and where sums do not.
 */
export function informationAt(plan: AnalysisPlan, { units, metrics }: Totals): Information {
  const entries = plan.metrics.map((metric, index) => {
    const kind = isSettled(metric) ? null : plainKind(metric);
    const arms = kind && armsOfSums(kind, false, metrics[index] ?? []);
    const variances = arms ? unitVariancesOf(arms) : plan.arms.slice(1).map(() => null);
    return [metric.key, variances.map((own) => (own === null ? null : own * sum(units)))] as const;
  });
  return Object.fromEntries(entries);
}

/** Of a metric, by treatment: the information at all looks; null where it is not known of one of them. */
export function lookInformation(
  looks: readonly (Information | undefined)[],
  key: string,
  treatments: number,
): (number[] | null)[] {
  return Array.from({ length: treatments }, (_, treatment) => {
    const found = looks.flatMap((look) => look?.[key]?.[treatment] ?? []);
    return found.length === looks.length ? found : null;
  });
}
