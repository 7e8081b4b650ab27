export { type EventStore, openEventStore } from "./event-store.ts";
export type { ExperimentMoments, MetricMoments, StepMoments } from "./fold-moments.ts";
export type { CountEventsQuery, EventCounts } from "./queries/count-events.ts";
export type { EvaluationCount, EvaluationCountsQuery } from "./queries/evaluation-counts.ts";
export type { MomentsQuery } from "./queries/moments.ts";
export type { ScopedEvent } from "./rows.ts";
