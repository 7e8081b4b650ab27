import type { Aggregation, MetricDefinition } from "@telltale/configuration";
import type { AnswerRow } from "../answer/answer.ts";
import { oneMoments, pairSums, type StepCounts, total, twoMoments } from "../answer/exact.ts";
import { bucketSql, HALF, histogramOf } from "../answer/histogram.ts";
import { FRACTION_BITS, type StatementScope } from "../sql/scope.ts";
import type { MetricColumns } from "./metric-columns.ts";
import {
  added,
  addedProduct,
  type Caps,
  cappedUnits,
  floatOf,
  type Totalled,
  totalsAfter,
  totalsBefore,
} from "./totals.ts";

type Definition = Extract<MetricDefinition, { kind: "count" | "sum" }>;

/** What a count or a sum totals. */
export function meanTotalled(definition: Definition, scope: StatementScope): Totalled {
  const { source, windowSeconds, cap } = definition;
  const aggregate: Aggregation =
    definition.kind === "count" ? { of: "count" } : { of: "sum", property: definition.property };
  const fraction = definition.kind === "sum" || cap ? FRACTION_BITS : 0;
  return { quantities: { y: { bit: scope.signals.bit(source), aggregate, fraction } }, windowSeconds, cap };
}

/** A total per unit, by the steps in which it changed; `before`: the same before exposure. */
export function meanColumns(definition: Definition, scope: StatementScope, i: number, caps: Caps): MetricColumns {
  const m = `m${i}`;
  const what = meanTotalled(definition, scope);
  const { y } = what.quantities;
  const hasBefore = scope.beforeMs > 0;
  const fraction = { y: y.fraction, x: y.fraction };
  const steps = (answer: AnswerRow): StepCounts => {
    const [ys, yy] = [answer.integers(`${m}_y`), answer.integers(`${m}_yy`)];
    const sums: StepCounts = { n: answer.integers("joined"), y: ys, yy, fraction };
    if (!hasBefore) return sums;
    const [x, xx, xy] = ["x", "xx", "xy"].map((name) => answer.integers(`${m}_${name}`));
    return { ...sums, x: x ?? [], xx: xx ?? [], xy: xy ?? [] };
  };
  const last = `${m}_y_new[-1]`;
  const joined = (value: string) => `sumResample(0, ${scope.steps}, 1)(${value}, joinedStep)`;
  return {
    unit: [...totalsAfter(scope, m, what, caps), ...(hasBefore ? totalsBefore(scope, m, what, caps) : [])],
    arm: [
      { name: `${m}_y`, sql: added(scope, m, "y") },
      { name: `${m}_yy`, sql: addedProduct(scope, m, "y", "y") },
      { name: `${m}_capped`, sql: cappedUnits(scope, m, "y", y, caps.y) },
      { name: `${m}_spread`, sql: `countResample(-${HALF}, ${HALF}, 1)(${bucketSql(floatOf(y, last))})` },
      ...(hasBefore
        ? [
            { name: `${m}_x`, sql: joined(`${m}_y0`) },
            { name: `${m}_xx`, sql: joined(`toInt256(${m}_y0) * ${m}_y0`) },
            {
              name: `${m}_xy`,
              sql: `sumResampleArray(0, ${scope.steps}, 1)(arrayMap(a -> toInt256(a) * ${m}_y0, ${m}_y_add), ${m}_steps)`,
            },
          ]
        : []),
    ],
    answer: [],
    read: (answer) => {
      const sums = steps(answer);
      return {
        form: "mean",
        ...oneMoments(total(sums.n), total(sums.y), total(sums.yy), y.fraction),
        capped: answer.count(`${m}_capped`),
        histogram: histogramOf(answer.counts(`${m}_spread`)),
        ...(hasBefore && { before: twoMoments(pairSums(sums), fraction) }),
      };
    },
    steps,
    sources: [[y.bit]],
  };
}
