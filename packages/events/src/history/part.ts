import type { ValueHistory } from "../history.ts";
import type { Answer } from "../moments/answer/answer.ts";
import type { Column } from "../moments/kinds/part.ts";

/** What a metric adds to the statement, and how its history is read off the answer. */
export interface HistoryPart {
  /** Over a unit, as for moments. */
  unit: Column[];
  /** Over all units. */
  whole: Column[];
  /** Over the one row of all units; without it, the columns of the whole are the answer. */
  answer: Column[];
  /** Undefined where no two units differ: of such values nothing is known but that they did not yet. */
  read(answer: Answer): ValueHistory | undefined;
}
