import type { MetricDefinition } from "@telltale/configuration";
import type { ValueHistory } from "../history.ts";
import type { AnswerRow } from "../moments/answer/answer.ts";
import { unscaled } from "../moments/answer/exact.ts";
import { meanTotalled } from "../moments/kinds/mean.ts";
import type { SqlColumn } from "../moments/kinds/metric-columns.ts";
import { ratioTotalled } from "../moments/kinds/ratio.ts";
import { absoluteCaps, entries, floatOf, noCaps, type Totalled, totalsAfter } from "../moments/kinds/totals.ts";
import { FRACTION_BITS, fixedPointSql, float, type StatementScope } from "../moments/sql/scope.ts";
import type { HistoryColumns } from "./history-columns.ts";

type Definition = Extract<MetricDefinition, { kind: "count" | "sum" | "mean" | "ratio" }>;

const PROPOSED_LEVEL = 0.999;
/** Fewer values say nothing about their 99.9th percentile. */
const PROPOSED_UNITS_MIN = 100;

/**
 * Of units' totals, one or two. Those with a total other than 0 stand in arrays, so that their deviations are taken from
 * the mean, which is known only when all units are: its sum is a whole number, and it is subtracted in two parts, its
 * nearest Float64 and the rest. Units without a total deviate by the mean, or in a ratio not at all.
 */
export function totalsHistory(definition: Definition, scope: StatementScope, i: number): HistoryColumns {
  const m = `m${i}`;
  const what = withFraction(totalledOf(definition, scope));
  const caps = (what.cap && absoluteCaps(what.cap, what.quantities.x !== undefined)) ?? noCaps;
  const names = entries(what.quantities).map(([name]) => name);
  const hasTotal = names.map((name) => `${m}_${name}_value != 0`).join(" OR ");
  const cut = (name: "y" | "x") => {
    const cap = caps[name];
    return cap === null ? name : `least(${name}, ${scope.bindings.bind("Float64", cap)})`;
  };
  return {
    unit: [
      ...totalsAfter(scope, m, what, caps),
      ...entries(what.quantities).map(([name, quantity]) => ({
        name: `${m}_${name}_value`,
        sql: floatOf(quantity, `${m}_${name}_total`),
      })),
    ],
    whole: names.flatMap((name) => [
      { name: `${m}_${name}_sum`, sql: `sum(toInt256(${m}_${name}_new[-1]))` },
      { name: `${m}_${name}_all`, sql: `groupArrayIf(${m}_${name}_value, ${hasTotal})` },
    ]),
    answer: [...names.flatMap((name) => means(m, name)), ...deviations(m, names, cut)],
    read: (answer) => read(answer, m, names.length === 2),
  };
}

function totalledOf(definition: Definition, scope: StatementScope): Totalled {
  return definition.kind === "count" || definition.kind === "sum"
    ? meanTotalled(definition, scope)
    : ratioTotalled(definition, scope);
}

/** The mean of a count lies between whole numbers. */
function withFraction({ quantities: { y, x }, ...rest }: Totalled): Totalled {
  const fraction = FRACTION_BITS;
  return { ...rest, quantities: { y: { ...y, fraction }, ...(x && { x: { ...x, fraction } }) } };
}

function means(m: string, name: "y" | "x"): SqlColumn[] {
  const prefix = `${m}_${name}`;
  const others = `arrayFilter(v -> v != 0, ${prefix}_all)`;
  return [
    { name: `${prefix}_sum`, sql: `${prefix}_sum` },
    { name: `${prefix}_whole`, sql: `intDiv(${prefix}_sum, toInt256(greatest(units, 1)))`, isInner: true },
    { name: `${prefix}_mean`, sql: float(`${prefix}_whole`), isInner: true },
    { name: `${prefix}_rest`, sql: float(`(${prefix}_whole - (${fixedPointSql(`${prefix}_mean`)}))`), isInner: true },
    { name: `${prefix}_many`, sql: `arrayCount(v -> v != 0, ${prefix}_all)` },
    { name: `${prefix}_high`, sql: `arrayReduce('quantileExactInclusive(${PROPOSED_LEVEL})', ${others})` },
  ];
}

/** Of y from its mean; in a ratio, of y from what x makes expected. */
function deviations(m: string, names: readonly ("y" | "x")[], cut: (name: "y" | "x") => string): SqlColumn[] {
  const from = (name: "y" | "x") => `(${cut(name)} - ${m}_${name}_mean - ${m}_${name}_rest)`;
  const isRatio = names.length === 2;
  const deviation = isRatio ? `${from("y")} - ${m}_rate * ${from("x")}` : from("y");
  const all = names.map((name) => `${m}_${name}_all`).join(", ");
  return [
    ...(isRatio
      ? [{ name: `${m}_rate`, sql: `toFloat64(${m}_y_sum) / toFloat64(${m}_x_sum)`, isInner: true as const }]
      : []),
    { name: `${m}_off`, sql: `arrayMap((${names.join(", ")}) -> ${deviation}, ${all})`, isInner: true },
    { name: `${m}_counted`, sql: `length(${m}_off)` },
    { name: `${m}_squares`, sql: `arraySum(d -> d * d, ${m}_off)` },
    { name: `${m}_cubes`, sql: `arraySum(d -> abs(d) * d * d, ${m}_off)` },
  ];
}

function read(answer: AnswerRow, m: string, isRatio: boolean): ValueHistory | undefined {
  const units = answer.count("units");
  const mean = (name: "y" | "x") => unscaled(answer.integer(`${m}_${name}_sum`), FRACTION_BITS) / units;
  const [squares, cubes] = [answer.float(`${m}_squares`), answer.float(`${m}_cubes`)];
  if (units === 0 || squares === null || cubes === null) return undefined;
  const value = isRatio ? mean("y") / mean("x") : mean("y");
  const without = units - answer.count(`${m}_counted`);
  const zero = isRatio ? 0 : Math.abs(value);
  const variance = (squares + without * zero ** 2) / units;
  const unitVariance = isRatio ? variance / mean("x") ** 2 : variance;
  const skewness = (cubes + without * zero ** 3) / units / variance ** 1.5;
  if (![value, unitVariance, skewness].every(Number.isFinite) || unitVariance === 0) return undefined;
  const proposed = (name: "y" | "x") => {
    const high = answer.float(`${m}_${name}_high`);
    return answer.count(`${m}_${name}_many`) >= PROPOSED_UNITS_MIN && high !== null && high > 0 ? high : null;
  };
  return {
    units,
    value,
    unitVariance,
    skewness,
    proposedCap: { y: proposed("y"), x: isRatio ? proposed("x") : null },
  };
}
