import {
  type AnalysisSettings,
  analyseMetrics,
  type Comparison,
  type MetricAnalysis,
  type MetricInput,
} from "@telltale/stats";

/** How many tests have a p at the present, by the role whose tests are corrected together. */
export type Family = Record<"primary" | "secondary", number>;

const corrected = ["primary", "secondary"] as const;

export function familyOf(metrics: readonly MetricInput[], results: readonly MetricAnalysis[]): Family {
  const tests = (role: MetricInput["role"]) =>
    results
      .filter((_, index) => metrics[index]?.role === role)
      .flatMap(({ comparisons }) => comparisons.filter(({ logP }) => logP !== null)).length;
  return { primary: tests("primary"), secondary: tests("secondary") };
}

/** A test whose p is 1 by any method. */
function silent(role: MetricInput["role"]): MetricInput {
  const arm = { n: 1_000, converted: 500 };
  return { kind: "conversion", arms: [arm, arm], role, direction: "increase" };
}

/**
 * One look over all metrics; null for those that cannot be read at it. Tests of the family without a p at this look
 * count in its correction as p = 1, so that no look is judged as a smaller family than the present one: what was
 * found at any look stays found.
 */
export function compareAt(
  metrics: readonly (MetricInput | null)[],
  settings: AnalysisSettings,
  family: Family,
): (Comparison[] | null)[] {
  const read = metrics.filter((metric) => metric !== null);
  let results = analyseMetrics(read, settings);
  if (settings.correct !== false) {
    const now = familyOf(read, results);
    const missing = corrected.flatMap((role) =>
      Array.from({ length: Math.max(0, family[role] - now[role]) }, () => silent(role)),
    );
    if (missing.length > 0) results = analyseMetrics([...read, ...missing], settings);
  }
  let at = 0;
  return metrics.map((metric) => (metric === null ? null : (results[at++]?.comparisons ?? [])));
}

/** A comparison that is not read at this look. */
export function unread({ control, treatment }: Comparison): Comparison {
  const unknown = { state: "unknown", reason: "not_enough_data", estimate: null } as const;
  return {
    state: "not_enough_data",
    control: { n: control.n, value: null },
    treatment: { n: treatment.n, value: null },
    difference: unknown,
    lift: unknown,
    p: null,
    logP: null,
    adjustedP: null,
    correction: "none",
    outcome: "unknown",
    needs: null,
    warnings: [],
    posterior: null,
  };
}
