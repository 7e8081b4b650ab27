import type { ClickHouseClient } from "@clickhouse/client";
import type { TelltaleEvent } from "@telltale/evaluator";
import { connect } from "./connection.ts";
import { type ExperimentMoments, eventNames, foldMoments } from "./fold-moments.ts";
import { migrate } from "./migrate.ts";
import { type CountEventsQuery, type EventCounts, selectEventCounts } from "./queries/count-events.ts";
import {
  type EvaluationCount,
  type EvaluationCountsQuery,
  selectEvaluationCounts,
} from "./queries/evaluation-counts.ts";
import { type MomentsQuery, selectCells } from "./queries/moments.ts";
import { type Row, type ScopedEvent, toRows } from "./rows.ts";

/** Events in ClickHouse: kept once each by their id, however often they are sent. Methods reject when it is away. */
export interface EventStore {
  /** Makes database and tables, as far as they are missing. */
  migrate(): Promise<void>;
  /** Stores events of one environment, checked before; resolves when they are on disk. */
  append(
    scope: { project: string; environment: string },
    events: readonly TelltaleEvent[],
    receivedAt: Date,
  ): Promise<void>;
  /** The same for events of several environments; after a failure some may be stored, and all may be sent again. */
  appendRows(events: readonly ScopedEvent[]): Promise<void>;
  /** Sufficient statistics of an experiment. */
  moments(query: MomentsQuery): Promise<ExperimentMoments>;
  /** Evaluations of a flag by hour and variant, oldest first. */
  evaluationCounts(query: EvaluationCountsQuery): Promise<EvaluationCount[]>;
  countEvents(query: CountEventsQuery): Promise<EventCounts>;
  /** True when the server answers. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens the store at `http://user:password@host:port/database`; nothing is sent before the first call. */
export function openEventStore({ url }: { url: string }): EventStore {
  const client = connect(url);
  const appendRows = async (events: readonly ScopedEvent[]) => {
    const { exposures, tracks, evaluations } = toRows(events);
    await Promise.all([
      insert(client, "exposures", exposures),
      insert(client, "tracks", tracks),
      insert(client, "evaluations", evaluations),
    ]);
  };
  return {
    migrate: () => migrate(url, client),
    append: (scope, events, receivedAt) => appendRows(events.map((event) => ({ ...scope, event, receivedAt }))),
    appendRows,
    moments: async (query) => foldMoments(query, await selectCells(client, query, eventNames(query))),
    evaluationCounts: (query) => selectEvaluationCounts(client, query),
    countEvents: (query) => selectEventCounts(client, query),
    ping: async () => (await client.ping()).success,
    close: () => client.close(),
  };
}

/** Synchronous inserts: the answer comes when the rows are written, not when they are queued. */
async function insert(client: ClickHouseClient, table: string, values: Row[]): Promise<void> {
  if (values.length === 0) return;
  await client.insert({ table, values, format: "JSONEachRow", clickhouse_settings: { async_insert: 0 } });
}
