import type { ValueHistory } from "../history.ts";
import type { AnswerRow } from "../moments/answer/answer.ts";
import type { SqlColumn } from "../moments/kinds/metric-columns.ts";

/** What a metric adds to the statement, and how its history is read off the answer. */
export interface HistoryColumns {
  /** Over a unit, as for moments. */
  unit: SqlColumn[];
  /** Over all units. */
  whole: SqlColumn[];
  /** Over the one row of all units; without it, the columns of the whole are the answer. */
  answer: SqlColumn[];
  /** Undefined where no two units differ: of such values nothing is known but that they did not yet. */
  read(answer: AnswerRow): ValueHistory | undefined;
}
