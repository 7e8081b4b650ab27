import type { ExperimentMoments, MomentsQuery, StepMoments, StepSums, VariantMoments } from "../../moments.ts";
import type { MetricColumns } from "../kinds/metric-columns.ts";
import type { Caps } from "../kinds/totals.ts";
import { eventsColumn } from "../sql/build.ts";
import type { StatementScope } from "../sql/scope.ts";
import { epochOf } from "../sql/units.ts";
import { AnswerRow } from "./answer.ts";
import { stepSums } from "./exact.ts";

/** A query with its statement, and what the store answered. */
export interface AnsweredQuery {
  query: MomentsQuery;
  scope: StatementScope;
  metricColumns: MetricColumns[];
  caps: readonly Caps[];
  /** The breakdown's values, largest first; undefined without one. */
  values: readonly string[] | undefined;
  rows: Record<string, unknown>[];
}

/** Folds the rows of the answer, one an arm, into moments. */
export function foldMoments(found: AnsweredQuery): ExperimentMoments {
  const { query, metricColumns, caps, values } = found;
  const arms = new Map<number, AnswerRow>();
  const slots = new Map<string, AnswerRow>();
  for (const row of found.rows) {
    const answer = new AnswerRow(row);
    if (answer.count("isWhole") === 1) arms.set(answer.count("arm"), answer);
    else slots.set(`${answer.count("arm")} ${answer.count("slot")}`, answer);
  }
  const own = query.variants.map((_, k) => arms.get(k + 1) ?? new AnswerRow(undefined));
  const perMetric = <T>(value: (own: MetricColumns, i: number) => T) =>
    Object.fromEntries(
      query.metrics.flatMap(({ key }, i) => (metricColumns[i] ? [[key, value(metricColumns[i], i)]] : [])),
    );
  const variantsOf = (answers: readonly AnswerRow[]): VariantMoments[] =>
    query.variants.map((variant, k) => {
      const answer = answers[k] ?? new AnswerRow(undefined);
      return { variant, units: answer.count("units"), metrics: perMetric((own) => own.read(answer)) };
    });
  const eventsOf = (bits: readonly number[]) =>
    [...arms.values()].reduce((sum, answer) => sum + answer.count(eventsColumn(bits)), 0);
  const capped = query.metrics.flatMap(({ key, definition }, i) => {
    const { y, x } = caps[i] ?? { y: null, x: null };
    return "cap" in definition && definition.cap ? [[key, { y, x }]] : [];
  });
  return {
    variants: variantsOf(own),
    severalVariants: arms.get(query.variants.length + 1)?.count("units") ?? 0,
    series: series(found, own),
    caps: Object.fromEntries(capped),
    events: perMetric(({ sources }) => Math.min(...sources.map(eventsOf))),
    ...times(found, own),
    ...(values && { breakdown: breakdown(values, query, slots, variantsOf) }),
  };
}

function times(
  { query, scope }: AnsweredQuery,
  own: readonly AnswerRow[],
): Pick<ExperimentMoments, "firstExposure" | "lastEvent"> {
  const known = own.filter((answer) => answer.count("units") > 0);
  if (known.length === 0) return {};
  const iso = (time: number) => new Date(epochOf(query, scope) + time).toISOString();
  return {
    firstExposure: iso(Math.min(...known.map((answer) => answer.count("earliest")))),
    lastEvent: iso(Math.max(...known.map((answer) => answer.count("latest")))),
  };
}

function series({ query, scope, metricColumns }: AnsweredQuery, own: readonly AnswerRow[]): StepMoments[] {
  const start = epochOf(query, scope) + scope.stepsBefore * scope.stepMs;
  const arms = own.map((answer) => ({
    joined: answer.counts("joined"),
    counts: metricColumns.map((own) => own.steps(answer)),
  }));
  return Array.from({ length: scope.steps }, (_, step) => {
    const at = new Date(start + step * scope.stepMs).toISOString().replace(".000Z", "Z");
    return query.variants.flatMap((variant, k): StepMoments[] => {
      const arm = arms[k];
      const units = arm?.joined[step] ?? 0;
      const metrics: Record<string, StepSums> = {};
      for (const [i, { key }] of query.metrics.entries()) {
        const counts = arm?.counts[i];
        const sums = counts && stepSums(counts, step);
        if (sums) metrics[key] = sums;
      }
      return units > 0 || Object.keys(metrics).length > 0 ? [{ at, variant, units, metrics }] : [];
    });
  }).flat();
}

/** The values in their order, those without units left out, and all others together. */
function breakdown(
  values: readonly string[],
  query: MomentsQuery,
  slots: Map<string, AnswerRow>,
  variantsOf: (answers: readonly AnswerRow[]) => VariantMoments[],
): NonNullable<ExperimentMoments["breakdown"]> {
  return [...values.map((value, j) => ({ value, slot: j + 1 })), { value: null, slot: 0 }].flatMap(
    ({ value, slot }) => {
      const answers = query.variants.map((_, k) => slots.get(`${k + 1} ${slot}`) ?? new AnswerRow(undefined));
      return answers.some((answer) => answer.count("units") > 0) ? [{ value, variants: variantsOf(answers) }] : [];
    },
  );
}
