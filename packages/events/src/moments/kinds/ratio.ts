import type { Aggregation, Cap, EventSource, MetricDefinition } from "@telltale/configuration";
import type { RatioBeforeMoments } from "../../moments.ts";
import type { AnswerRow } from "../answer/answer.ts";
import { centred, pairSums, type StepCounts, total, twoMoments, unscaled } from "../answer/exact.ts";
import { FRACTION_BITS, type Quantity, type StatementScope } from "../sql/scope.ts";
import type { MetricColumns, SqlColumn } from "./metric-columns.ts";
import { added, addedProduct, type Caps, cappedUnits, type Totalled, totalsAfter, totalsBefore } from "./totals.ts";

type Definition = Extract<MetricDefinition, { kind: "ratio" | "mean" }>;
type Name = "y" | "x" | "y0" | "x0";

/** What a ratio totals; of a mean over events: their values, and how many have one. */
export function ratioTotalled(
  definition: Definition,
  scope: StatementScope,
): Totalled & { quantities: { y: Quantity; x: Quantity } } {
  const { windowSeconds, cap } = definition;
  if (definition.kind === "ratio") {
    const of = (one: EventSource & { aggregate: Aggregation }) => quantity(scope.signals.bit(one), one.aggregate, cap);
    return { quantities: { y: of(definition.numerator), x: of(definition.denominator) }, windowSeconds, cap };
  }
  const bit = scope.signals.bitWithValue(definition.source, definition.property);
  const y = quantity(bit, { of: "sum", property: definition.property }, cap);
  return { quantities: { y, x: quantity(bit, { of: "count" }, cap) }, windowSeconds, cap };
}

function quantity(bit: number, aggregate: Aggregation, cap: Cap | undefined): Quantity {
  return { bit, aggregate, fraction: aggregate.of === "sum" || cap ? FRACTION_BITS : 0 };
}

/** Two totals per unit, by the steps in which either changed; `before`: the same two before exposure. */
export function ratioColumns(definition: Definition, scope: StatementScope, i: number, caps: Caps): MetricColumns {
  const m = `m${i}`;
  const what = ratioTotalled(definition, scope);
  const { y, x } = what.quantities;
  const fraction = { y: y.fraction, x: x.fraction };
  const hasBefore = scope.beforeMs > 0;
  const steps = (answer: AnswerRow): StepCounts => {
    const [ys = [], yy = [], xs = [], xx = [], xy = []] = ["y", "yy", "x", "xx", "xy"].map((name) =>
      answer.integers(`${m}_${name}`),
    );
    return { n: answer.integers("joined"), y: ys, yy, x: xs, xx, xy, fraction };
  };
  return {
    unit: [...totalsAfter(scope, m, what, caps), ...(hasBefore ? totalsBefore(scope, m, what, caps) : [])],
    arm: [
      { name: `${m}_y`, sql: added(scope, m, "y") },
      { name: `${m}_x`, sql: added(scope, m, "x") },
      { name: `${m}_yy`, sql: addedProduct(scope, m, "y", "y") },
      { name: `${m}_xx`, sql: addedProduct(scope, m, "x", "x") },
      { name: `${m}_xy`, sql: addedProduct(scope, m, "y", "x") },
      { name: `${m}_capped_y`, sql: cappedUnits(scope, m, "y", y, caps.y) },
      { name: `${m}_capped_x`, sql: cappedUnits(scope, m, "x", x, caps.x) },
      ...(hasBefore ? beforeSums(m) : []),
    ],
    answer: [],
    read: (answer) => {
      const sums = steps(answer);
      return {
        form: "ratio",
        pair: twoMoments(pairSums(sums), fraction),
        capped: { y: answer.count(`${m}_capped_y`), x: answer.count(`${m}_capped_x`) },
        ...(hasBefore && { before: before(answer, m, sums) }),
      };
    },
    steps,
    sources: definition.kind === "ratio" ? [[y.bit], [x.bit]] : [[y.bit]],
  };
}

const WITH_BEFORE = [
  ["y", "y0"],
  ["y", "x0"],
  ["x", "y0"],
  ["x", "x0"],
  ["y0", "y0"],
  ["y0", "x0"],
  ["x0", "x0"],
] as const;

/** Sums over units of the totals before exposure, and of their products with all totals. */
function beforeSums(m: string): SqlColumn[] {
  const value = (name: Name) => (name === "y" || name === "x" ? `${m}_${name}_new[-1]` : `${m}_${name}`);
  const products = WITH_BEFORE.map(([one, other]) => ({
    name: `${m}_${one}_${other}`,
    sql: `sum(toInt256(${value(one)}) * ${value(other)})`,
  }));
  const singles = (["y0", "x0"] as const).map((name) => ({
    name: `${m}_s_${name}`,
    sql: `sum(toInt256(${m}_${name}))`,
  }));
  return [...singles, ...products];
}

function before(answer: AnswerRow, m: string, after: StepCounts): RatioBeforeMoments {
  const { n, y, x, yy, xx, xy } = pairSums(after);
  const fraction = { ...after.fraction, y0: after.fraction.y, x0: after.fraction.x };
  const sums = { y, x, y0: answer.integer(`${m}_s_y0`), x0: answer.integer(`${m}_s_x0`) };
  const product = (one: Name, other: Name, sum = answer.integer(`${m}_${one}_${other}`)) =>
    centred(n, sum, sums[one], sums[other], fraction[one] + fraction[other]);
  const mean = (name: Name) => (n === 0n ? 0 : unscaled(sums[name], fraction[name]) / Number(n));
  return {
    n: Number(total(after.n)),
    means: { y: mean("y"), x: mean("x"), y0: mean("y0"), x0: mean("x0") },
    products: {
      yy: product("y", "y", yy),
      yx: product("y", "x", xy),
      xx: product("x", "x", xx),
      yy0: product("y", "y0"),
      yx0: product("y", "x0"),
      xy0: product("x", "y0"),
      xx0: product("x", "x0"),
      y0y0: product("y0", "y0"),
      y0x0: product("y0", "x0"),
      x0x0: product("x0", "x0"),
    },
  };
}
