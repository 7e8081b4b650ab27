import type { MetricKind } from "@telltale/configuration";
import type { MetricMoments, TwoMoments } from "@telltale/events";
import type { MetricArms } from "@telltale/stats";
import type { PlannedMetric } from "../plan/plan.ts";

type Form = MetricMoments["form"];
type Of<F extends Form> = Extract<MetricMoments, { form: F }>;
type Arms<T> = readonly (T | undefined)[];

const formOf: Record<MetricKind, Form> = {
  conversion: "share",
  retention: "share",
  funnel: "share",
  count: "mean",
  sum: "mean",
  ratio: "ratio",
  mean: "ratio",
  quantile: "quantile",
};

/** Below so many conversions, or non-conversions, in an arm a share is read by counts (Newcombe), which CUPED cannot be. */
export const FEW_CONVERSIONS = 5;

const noPair: TwoMoments = { n: 0, meanY: 0, meanX: 0, yy: 0, xx: 0, xy: 0 };

/** Moments of the form that the metric's kind has; an arm that has another, or none, has no data. */
function ofForm<F extends Form>(form: F, arms: Arms<MetricMoments>): (Of<F> | undefined)[] {
  return arms.map((arm) => (arm?.form === form ? (arm as Of<F>) : undefined));
}

/** What CUPED needs of every arm with units, or null where an arm lacks it or nobody did it before. */
function pairsBefore(arms: Arms<Of<"share"> | Of<"mean">>): TwoMoments[] | null {
  const lacks = arms.some((arm) => arm && arm.n > 0 && !arm.before);
  const pairs = arms.map((arm) => arm?.before ?? noPair);
  return !lacks && pairs.some(({ xx }) => xx > 0) ? pairs : null;
}

function shareArms(arms: Arms<Of<"share">>, adjusts: boolean): MetricArms {
  const few = arms.some((arm) => arm && Math.min(arm.converted, arm.n - arm.converted) < FEW_CONVERSIONS);
  const pairs = adjusts && !few ? pairsBefore(arms) : null;
  if (pairs) return { kind: "adjusted_mean", arms: pairs };
  return { kind: "conversion", arms: arms.map((arm) => ({ n: arm?.n ?? 0, converted: arm?.converted ?? 0 })) };
}

function meanArms(arms: Arms<Of<"mean">>, adjusts: boolean): MetricArms {
  const pairs = adjusts ? pairsBefore(arms) : null;
  if (pairs) return { kind: "adjusted_mean", arms: pairs };
  return { kind: "mean", arms: arms.map((arm) => ({ n: arm?.n ?? 0, mean: arm?.mean ?? 0, m2: arm?.m2 ?? 0 })) };
}

function ratioArms(arms: Arms<Of<"ratio">>, kind: MetricKind, adjusts: boolean): MetricArms {
  const present = arms.filter((arm) => arm !== undefined && arm.pair.n > 0);
  const before = arms.map((arm) => arm?.before);
  const known = present.every((arm) => arm?.before !== undefined && arm.before.means.x0 !== 0);
  const varies = before.some((own) => own !== undefined && (own.products.y0y0 > 0 || own.products.x0x0 > 0));
  if (adjusts && known && varies) {
    return { kind: "adjusted_ratio", arms: before.map((own) => own ?? noRatio) };
  }
  return { kind: kind === "mean" ? "clustered" : "ratio", arms: arms.map((arm) => arm?.pair ?? noPair) };
}

const noRatio = {
  n: 0,
  means: { y: 0, x: 0, y0: 0, x0: 0 },
  products: { yy: 0, yx: 0, yy0: 0, yx0: 0, xx: 0, xy0: 0, xx0: 0, y0y0: 0, y0x0: 0, x0x0: 0 },
};

function quantileArms(arms: Arms<Of<"quantile">>, level: number): MetricArms {
  const readings = arms.map((arm) => {
    const { n = 0, value = null, lower = null, upper = null, bounds, inside } = arm ?? {};
    if (value === null || lower === null || upper === null) return { n: 0, value: 0, lower: 0, upper: 0 };
    return { n, value, lower, upper, ...(bounds ? { bounds } : {}), ...(inside ? { inside } : {}) };
  });
  return { kind: "quantile", level, arms: readings };
}

/**
 * A metric's moments as the statistics take them, arms in the plan's order. Adjusted (CUPED) where `adjusts`, every arm
 * knows what was before, and anybody did it before; a share with few conversions or non-conversions in an arm is not
 * adjusted, as it is then read by counts.
 */
export function metricArms(
  { definition }: Pick<PlannedMetric, "definition">,
  moments: Arms<MetricMoments>,
  adjusts: boolean,
): MetricArms {
  const form = formOf[definition.kind];
  switch (form) {
    case "share":
      return shareArms(ofForm(form, moments), adjusts);
    case "mean":
      return meanArms(ofForm(form, moments), adjusts);
    case "ratio":
      return ratioArms(ofForm(form, moments), definition.kind, adjusts);
    case "quantile":
      return quantileArms(ofForm(form, moments), definition.kind === "quantile" ? definition.level : 0.5);
    default: {
      const never: never = form;
      return never;
    }
  }
}

/** What was before exposure as a metric of its own, to be compared between arms; null where nothing of it is known. */
export function armsBefore(moments: Arms<MetricMoments>): MetricArms | null {
  const pairs = moments.map((arm) => (arm?.form === "share" || arm?.form === "mean" ? arm.before : undefined));
  if (pairs.some(Boolean)) {
    return {
      kind: "mean",
      arms: pairs.map((pair) => ({ n: pair?.n ?? 0, mean: pair?.meanX ?? 0, m2: pair?.xx ?? 0 })),
    };
  }
  const ratios = moments.map((arm) => (arm?.form === "ratio" ? arm.before : undefined));
  if (!ratios.some(Boolean)) return null;
  return {
    kind: "ratio",
    arms: ratios.map((own) => {
      const { n, means, products } = own ?? noRatio;
      return { n, meanY: means.y0, meanX: means.x0, yy: products.y0y0, xx: products.x0x0, xy: products.y0x0 };
    }),
  };
}
