import type { TelltaleEvent } from "@telltale/evaluator";
import { openClickHouse } from "./connection.ts";
import { type EncodedEvents, encodeEvents } from "./encode.ts";
import { selectHistory } from "./history/select-history.ts";
import type { HistoryQuery, ValueHistory } from "./history.ts";
import { insertEncoded } from "./insert.ts";
import { migrate } from "./migrate.ts";
import { selectMoments } from "./moments/select-moments.ts";
import type { AskedMoments, MomentsQuery } from "./moments.ts";
import { type CountEventsQuery, type EventCounts, selectEventCounts } from "./queries/count-events.ts";
import {
  type EvaluationCount,
  type EvaluationCountsQuery,
  selectEvaluationCounts,
} from "./queries/evaluation-counts.ts";
import { type EventIdsQuery, selectEventIds } from "./queries/event-ids.ts";
import { type AttributeQuery, selectHasAttribute } from "./queries/has-attribute.ts";
import { type IngestionLag, type LagQuery, selectLag } from "./queries/lag.ts";
import {
  type LastSeen,
  type LastSeenBySdk,
  type LastSeenBySdkQuery,
  selectLastSeen,
  selectLastSeenBySdk,
} from "./queries/last-seen.ts";
import { selectMemory } from "./queries/memory.ts";
import { type NewsQuery, selectNewsSince } from "./queries/news-since.ts";
import { type Observations, type ObservationsQuery, selectObservations } from "./queries/observations.ts";
import type { EnvironmentKeys, UnmappedRows } from "./schema/carry-over.ts";
import { RETENTION_DAYS_DEFAULT } from "./schema/layout.ts";

/** Longest wait of a ping of the server: one that hangs is away. */
const PING_LIMIT_MS = 5_000;
/** A statement of an analysis says nothing until it is done; it may take half an hour, and the server ends it then. */
const ANALYSIS_TIMEOUT_MS = 2_100_000;

/** Events in ClickHouse: kept once each by their id, however often they are sent. Methods reject when it is away. */
export interface EventStore {
  /**
   * Makes database and tables, as far as they are missing, sets the retention, and carries over what is stored by keys.
   * @param environments all that there are: what keys meant before events were stored by id
   * @returns rows by keys that no environment is known for: they stay, and are read by nobody
   */
  migrate(environments: readonly EnvironmentKeys[]): Promise<UnmappedRows[]>;
  /** Stores events of one environment, checked before; resolves when they are on disk. */
  append(scope: { environmentId: string }, events: readonly TelltaleEvent[], receivedAt: Date): Promise<void>;
  /** The same for encoded events of any environments; after a failure some may be stored, and all may be sent again. */
  insert(groups: readonly EncodedEvents[], signal?: AbortSignal): Promise<void>;
  /**
   * Sufficient statistics of an experiment. Rejects with MomentsLimitError when the store gives up on it.
   */
  moments(query: MomentsQuery, signal?: AbortSignal): Promise<AskedMoments>;
  /**
   * What metrics' values were like before an experiment, by metric key; null where nothing can be said: for quantiles, and
   * where no two units differ. Rejects with MomentsLimitError when the store gives up on it.
   */
  history(query: HistoryQuery, signal?: AbortSignal): Promise<Record<string, ValueHistory | null>>;
  /**
   * Whether an exposure of the experiment or an event of its metrics was stored after a moment. Rows show a little later
   * than they say they were stored: ask from a while before the last analysis began.
   */
  newsSince(query: NewsQuery, since: Date): Promise<boolean>;
  /** Whether any exposure of the experiment carries an attribute: a breakdown by one that none has says nothing. */
  hasAttribute(query: AttributeQuery, attribute: string): Promise<boolean>;
  /** Evaluations of a flag by step of time, variant, rule and reason, oldest first. */
  evaluationCounts(query: EvaluationCountsQuery): Promise<EvaluationCount[]>;
  /** What was observed in units that a rule served, by metric, variant and version of the ruleset, in this order. */
  observations(query: ObservationsQuery, signal?: AbortSignal): Promise<Observations[]>;
  /** When each flag was last evaluated, by environment. */
  lastSeen(query: { environmentIds: readonly string[] }): Promise<LastSeen[]>;
  /** When a flag was last evaluated by each SDK, newest first. */
  lastSeenBySdk(query: LastSeenBySdkQuery): Promise<LastSeenBySdk[]>;
  /** How long events take to be received and to be stored; undefined without events. */
  ingestionLag(query: LagQuery): Promise<IngestionLag | undefined>;
  /** Ids of events received from a moment on, of any type. For a few million at most. */
  eventIds(query: EventIdsQuery): Promise<Set<string>>;
  countEvents(query: CountEventsQuery): Promise<EventCounts>;
  /** True when the server answers within a few seconds. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

export interface EventStoreOptions {
  /** `http://user:password@host:port/database` */
  url: string;
  /** Name of a cluster in the servers' configuration; asked by `migrate` only. */
  cluster?: string;
  /** Days after which `migrate` lets events leave: 395. */
  retentionDays?: number;
  /** About how many units one statement of an analysis looks at; larger experiments are asked in slices: 1,048,576. */
  sliceUnits?: number;
}

/** Opens the store; nothing is sent before the first call. */
export function openEventStore({
  url,
  cluster,
  retentionDays = RETENTION_DAYS_DEFAULT,
  sliceUnits,
}: EventStoreOptions): EventStore {
  const client = openClickHouse(url);
  const analyst = openClickHouse(url, { requestTimeoutMs: ANALYSIS_TIMEOUT_MS });
  let memory: Promise<number | undefined> | undefined;
  /** Asked once; again only where there was no answer. */
  const memoryOf = async (share: number | undefined) => {
    if (share === undefined) return undefined;
    memory ??= selectMemory(client);
    try {
      const bytes = await memory;
      return bytes === undefined ? undefined : Math.floor(bytes * share);
    } catch (error) {
      memory = undefined;
      throw error;
    }
  };
  return {
    // By the patient client: what has to be copied may be much.
    migrate: (environments) =>
      migrate(url, analyst, cluster === undefined ? { retentionDays } : { cluster, retentionDays }, environments),
    append: async (scope, events, receivedAt) => {
      const receivedMs = receivedAt.getTime();
      await insertEncoded(client, [encodeEvents(events.map((event) => ({ ...scope, event, receivedMs })))]);
    },
    insert: (groups, signal) => insertEncoded(client, groups, signal),
    moments: async (query, signal) => {
      const memoryBytes = await memoryOf(query.limitMemoryShare);
      return selectMoments(analyst, query, { sliceUnits, memoryBytes, signal });
    },
    history: async (query, signal) => {
      const memoryBytes = await memoryOf(query.limitMemoryShare);
      return selectHistory(analyst, query, { memoryBytes, signal });
    },
    newsSince: (query, since) => selectNewsSince(client, query, since),
    hasAttribute: (query, attribute) => selectHasAttribute(client, query, attribute),
    evaluationCounts: (query) => selectEvaluationCounts(client, query),
    observations: (query, signal) => selectObservations(client, query, signal),
    lastSeen: (query) => selectLastSeen(client, query),
    lastSeenBySdk: (query) => selectLastSeenBySdk(client, query),
    ingestionLag: (query) => selectLag(client, query),
    eventIds: (query) => selectEventIds(client, query),
    countEvents: (query) => selectEventCounts(client, query),
    ping: async () => {
      const abort_signal = AbortSignal.timeout(PING_LIMIT_MS);
      return (await client.ping({ select: false, abort_signal })).success;
    },
    close: async () => {
      await Promise.all([client.close(), analyst.close()]);
    },
  };
}
