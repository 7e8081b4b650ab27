import type { MetricDefinition } from "@telltale/configuration";
import type { MetricMoments } from "../../moments.ts";
import type { AnswerRow } from "../answer/answer.ts";
import { pairSums, type StepCounts, total, twoMoments } from "../answer/exact.ts";
import {
  DAY_MS,
  eventsWhere,
  isAfter,
  isBefore,
  type StatementScope,
  sourceSql,
  stepOf,
  timeOf,
} from "../sql/scope.ts";
import type { MetricColumns } from "./metric-columns.ts";

type Of<K extends MetricDefinition["kind"]> = Extract<MetricDefinition, { kind: K }>;
const WHOLE = { y: 0, x: 0 };

/** Units that did it, by the step in which they first had; `before`: how often they had done it before exposure. */
export function conversionColumns(
  { source, windowSeconds }: Of<"conversion">,
  scope: StatementScope,
  i: number,
): MetricColumns {
  const bit = scope.signals.bit(source);
  const hit = `arrayFirst(p -> ${sourceSql(scope, [bit])} AND ${isAfter(scope, windowSeconds)}, events)`;
  const hasBefore = scope.beforeMs > 0;
  const steps = (answer: AnswerRow): StepCounts => {
    const done = answer.integers(`m${i}_done`);
    const sums: StepCounts = { n: answer.integers("joined"), y: done, yy: done, fraction: WHOLE };
    if (!hasBefore) return sums;
    const [x, xx, xy] = ["x", "xx", "xy"].map((name) => answer.integers(`m${i}_${name}`));
    return { ...sums, x: x ?? [], xx: xx ?? [], xy: xy ?? [] };
  };
  return {
    unit: [
      { name: `m${i}_hit`, sql: hit },
      { name: `m${i}_step`, sql: `if(m${i}_hit = 0, -1, ${stepOf(scope, timeOf(scope, `m${i}_hit`))})` },
      ...(hasBefore
        ? [
            {
              name: `m${i}_often`,
              sql: `toInt64(arrayCount(p -> ${sourceSql(scope, [bit])} AND ${isBefore(scope)}, events))`,
            },
          ]
        : []),
    ],
    arm: [
      { name: `m${i}_done`, sql: `countResample(0, ${scope.steps}, 1)(m${i}_step)` },
      ...(hasBefore
        ? [
            { name: `m${i}_x`, sql: `sumResample(0, ${scope.steps}, 1)(m${i}_often, joinedStep)` },
            {
              name: `m${i}_xx`,
              sql: `sumResample(0, ${scope.steps}, 1)(toInt128(m${i}_often) * m${i}_often, joinedStep)`,
            },
            { name: `m${i}_xy`, sql: `sumResample(0, ${scope.steps}, 1)(m${i}_often, m${i}_step)` },
          ]
        : []),
    ],
    answer: [],
    read: (answer) => share(steps(answer)),
    steps,
    sources: [[bit]],
  };
}

/** Units whose last day is over, by the step in which it ended. */
export function retentionColumns(
  { source, fromDay, toDay }: Of<"retention">,
  scope: StatementScope,
  i: number,
): MetricColumns {
  const bit = scope.signals.bit(source);
  const [start, end] = [fromDay, toDay + 1].map((days) => scope.bindings.bind("Int64", days * DAY_MS));
  const came = `arrayExists(p -> ${sourceSql(scope, [bit])} AND ${timeOf(scope)} >= first + ${start} AND ${timeOf(scope)} < first + ${end}, events)`;
  const steps = (answer: AnswerRow): StepCounts => {
    const done = answer.integers(`m${i}_done`);
    return { n: answer.integers(`m${i}_n`), y: done, yy: done, fraction: WHOLE };
  };
  return {
    unit: [
      { name: `m${i}_step`, sql: `if(first + ${end} <= ${scope.toMs}, ${stepOf(scope, `first + ${end}`)}, -1)` },
      { name: `m${i}_came`, sql: came },
    ],
    arm: [
      { name: `m${i}_n`, sql: `countResample(0, ${scope.steps}, 1)(m${i}_step)` },
      { name: `m${i}_done`, sql: `countIfResample(0, ${scope.steps}, 1)(m${i}_came, m${i}_step)` },
    ],
    answer: [],
    read: (answer) => share(steps(answer)),
    steps,
    sources: [[bit]],
  };
}

/**
 * Units that did all steps in order. For each step it is kept when the latest chain that reached it began, since a later
 * beginning leaves more time; an event takes a chain one step further, those of one millisecond in the steps' order.
 */
export function funnelColumns(
  { steps: sources, withinSeconds, windowSeconds }: Of<"funnel">,
  scope: StatementScope,
  i: number,
): MetricColumns {
  const bits = sources.map((source) => scope.signals.bit(source));
  const count = bits.length;
  const within = scope.bindings.bind("Int64", withinSeconds * 1_000);
  const which = bits.map((bit, k) => `bitShiftLeft(toInt64(${scope.signals.has(bit)}), ${k})`);
  const packed = `bitShiftLeft(${timeOf(scope)}, ${count}) + ${which.join(" + ")}`;
  const at = `bitShiftRight(e, ${count})`;
  const goesOn = (k: number) => `bitTest(e, ${k}) AND acc.${k} >= 0 AND ${at} - acc.${k} <= ${within}`;
  const chain = bits.map((_, k) =>
    k === 0 ? `if(bitTest(e, 0), ${at}, acc.1)` : `if(${goesOn(k)}, acc.${k}, acc.${k + 1})`,
  );
  const done = `if(acc.${count + 1} < 0 AND ${goesOn(count - 1)}, ${at}, acc.${count + 1})`;
  const none = Array.from({ length: count + 1 }, () => "toInt64(-1)").join(", ");
  const events = eventsWhere(`${sourceSql(scope, bits)} AND ${isAfter(scope, windowSeconds)}`);
  const steps = (answer: AnswerRow): StepCounts => {
    const y = answer.integers(`m${i}_done`);
    return { n: answer.integers("joined"), y, yy: y, fraction: WHOLE };
  };
  return {
    unit: [
      { name: `m${i}_events`, sql: `arraySort(arrayMap(p -> ${packed}, ${events}))` },
      {
        name: `m${i}_chain`,
        sql: `arrayFold((acc, e) -> (${[...chain, done].join(", ")}), m${i}_events, (${none}))`,
      },
      {
        name: `m${i}_step`,
        sql: `if(m${i}_chain.${count + 1} < 0, -1, ${stepOf(scope, `m${i}_chain.${count + 1}`)})`,
      },
    ],
    arm: [
      { name: `m${i}_done`, sql: `countResample(0, ${scope.steps}, 1)(m${i}_step)` },
      { name: `m${i}_reached`, sql: `[${bits.map((_, k) => `countIf(m${i}_chain.${k + 1} >= 0)`).join(", ")}]` },
    ],
    answer: [],
    read: (answer) => {
      const reached = answer.counts(`m${i}_reached`);
      return { ...share(steps(answer)), reached: bits.map((_, k) => reached[k] ?? 0) };
    },
    steps,
    sources: [bits],
  };
}

function share(counts: StepCounts): Extract<MetricMoments, { form: "share" }> {
  const before = counts.x && { before: twoMoments(pairSums(counts), WHOLE) };
  return { form: "share", n: Number(total(counts.n)), converted: Number(total(counts.y)), ...before };
}
