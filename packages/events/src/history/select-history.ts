import type { ClickHouseClient } from "@clickhouse/client";
import type { HistoryQuery, ValueHistory } from "../history.ts";
import { AnswerRow } from "../moments/answer/answer.ts";
import { Asker, type AskOptions } from "../moments/select-moments.ts";
import { buildHistory } from "./build-history.ts";

/**
 * Reads what metrics' values were like, by metric key; null where nothing can be said.
 * @throws MomentsLimitError when the store gave up.
 */
export async function selectHistory(
  client: ClickHouseClient,
  query: HistoryQuery,
  { memoryBytes, signal }: Pick<AskOptions, "memoryBytes" | "signal"> = {},
): Promise<Record<string, ValueHistory | null>> {
  const { metricColumns, ...statement } = buildHistory(query);
  const isAsked = metricColumns.some((own) => own !== undefined);
  const asker = new Asker(client, { seconds: query.limitSeconds, memoryBytes }, signal);
  const [row] = isAsked ? await asker.rows(statement) : [];
  const answer = new AnswerRow(row);
  return Object.fromEntries(query.metrics.map(({ key }, i) => [key, metricColumns[i]?.read(answer) ?? null]));
}
