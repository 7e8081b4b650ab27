export {
  COLUMNS,
  countEncodedBytes,
  type EncodedEvents,
  EVENT_KINDS,
  type EventKind,
  encodeEvents,
  type ScopedEvent,
} from "./encode.ts";
export { type EventStore, type EventStoreOptions, openEventStore } from "./event-store.ts";
export type { HistoryQuery, ValueHistory } from "./history.ts";
export { isUnreadable } from "./insert.ts";
export { MomentsLimitError } from "./moments/limit-error.ts";
export type {
  AskedMoments,
  ExperimentMoments,
  Histogram,
  MetricMoments,
  MomentsQuery,
  OneMoments,
  RatioBeforeMoments,
  StepMoments,
  StepSums,
  TwoMoments,
  VariantMoments,
} from "./moments.ts";
export type { CountEventsQuery, EventCounts } from "./queries/count-events.ts";
export type { EvaluationCount, EvaluationCountsQuery } from "./queries/evaluation-counts.ts";
export type { IngestionLag, Lag, LagQuery } from "./queries/lag.ts";
export type { LastSeen, LastSeenBySdk, LastSeenBySdkQuery } from "./queries/last-seen.ts";
export type { Observations, ObservationsQuery } from "./queries/observations.ts";
export type { EnvironmentKeys, UnmappedRows } from "./schema/carry-over.ts";
export { RETENTION_DAYS_DEFAULT } from "./schema/layout.ts";
