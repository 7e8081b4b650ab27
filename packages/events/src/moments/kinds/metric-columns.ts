import type { MetricMoments } from "../../moments.ts";
import type { AnswerRow } from "../answer/answer.ts";
import type { StepCounts } from "../answer/exact.ts";

/** A named piece of SQL. */
export interface SqlColumn {
  name: string;
  sql: string;
  /** Of the answer's columns: one that only later ones read. */
  isInner?: true;
}

/** What a metric adds to the statement, and how its moments are read off the answer. */
export interface MetricColumns {
  /** Over a unit: `first`, `joined` and `events` are there, and the value columns; later ones may use earlier ones. */
  unit: SqlColumn[];
  /** Over the units of an arm. */
  arm: SqlColumn[];
  /** Over what is there of an arm; without it, the arm's columns are the answer. */
  answer: SqlColumn[];
  read(answer: AnswerRow): MetricMoments;
  /** What each step adds; undefined for kinds without a series. */
  steps(answer: AnswerRow): StepCounts | undefined;
  /** Bits of its sources; `events` counts the scarcest group. */
  sources: number[][];
}
