import type { RouterOutputs } from "@telltale/api";
import type { FlagConfiguration } from "@telltale/configuration";

/** What the API answers, by the names the pages use. */
export type Me = NonNullable<RouterOutputs["session"]["me"]>;
export type Environment = RouterOutputs["project"]["get"]["environments"][number];
export type FlagSummary = RouterOutputs["flag"]["list"][number];
export type FlagDetail = RouterOutputs["flag"]["get"];
export type FlagEnvironment = FlagDetail["environments"][number];
export type FlagRevision = RouterOutputs["flag"]["history"][number];
export type Usage = RouterOutputs["flag"]["usage"];
export type LastSeen = RouterOutputs["flag"]["lastSeen"];
export type IngestionLag = RouterOutputs["ingestion"]["lag"];
export type ExperimentSummary = RouterOutputs["experiment"]["list"][number];
export type ExperimentDetail = RouterOutputs["experiment"]["get"];
export type Sizing = RouterOutputs["experiment"]["sizing"];
export type Snapshot = NonNullable<ExperimentDetail["snapshot"]>;
/** What one run found, or what its moments say when they are read otherwise. */
export type Analysis = NonNullable<RouterOutputs["experiment"]["results"]["analysis"]>;
export type MetricResult = Snapshot["metrics"][number];
export type ArmResult = MetricResult["arms"][number];
export type TreatmentResult = MetricResult["comparisons"][number];
export type Comparison = TreatmentResult["comparison"];
export type Breakdown = NonNullable<Snapshot["breakdown"]>;
export type ChangeSummary = RouterOutputs["change"]["list"][number];
export type ChangeDetail = RouterOutputs["change"]["get"];
export type ChangeState = ChangeSummary["state"];
export type Organisation = RouterOutputs["member"]["list"];
export type Member = Organisation["members"][number];
export type MemberAccess = RouterOutputs["member"]["access"];
export type SegmentDetail = RouterOutputs["segment"]["get"];
export type SegmentRevision = RouterOutputs["segment"]["history"][number];
export type { FlagConfiguration };
export type ConfigRule = FlagConfiguration["rules"][number];
export type ConfigServe = FlagConfiguration["serve"];
export type ConfigSplit = Extract<ConfigServe, { split: unknown }>["split"];
export type ConfigCondition = ConfigRule["when"][number];
export type Variant = FlagDetail["variants"][number];
