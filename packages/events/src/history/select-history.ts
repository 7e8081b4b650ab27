import type { ClickHouseClient } from "@clickhouse/client";
import type { HistoryQuery, ValueHistory } from "../history.ts";
import { Answer } from "../moments/answer/answer.ts";
import { Asker } from "../moments/select-moments.ts";
import { buildHistory } from "./build-history.ts";

/**
 * Reads what metrics' values were like, by metric key; null where nothing can be said.
 * @throws MomentsLimitError when the store gave up.
 */
export async function selectHistory(
  client: ClickHouseClient,
  query: HistoryQuery,
  signal: AbortSignal | undefined,
): Promise<Record<string, ValueHistory | null>> {
  const { parts, ...statement } = buildHistory(query);
  const isAsked = parts.some((part) => part !== undefined);
  const [row] = isAsked ? await new Asker(client, query.limitSeconds, signal).rows(statement) : [];
  const answer = new Answer(row);
  return Object.fromEntries(query.metrics.map(({ key }, i) => [key, parts[i]?.read(answer) ?? null]));
}
