import type { Condition, JsonValue, Prerequisite } from "@telltale/evaluator";

/** Conditions as people write them: the hashed operators exist only in compiled rulesets. */
export type ConfigCondition = Exclude<Condition, { op: "inHashed" | "notInHashed" }>;

/** A flag in an environment as the control plane keeps it. */
export interface FlagConfiguration {
  on: boolean;
  /** Variant served while off. */
  off: string;
  /** All must be met, or the off variant is served; absent in configurations older than prerequisites. */
  prerequisites?: Prerequisite[] | undefined;
  targets: ConfigTarget[];
  rules: ConfigRule[];
  /** Everyone else. */
  serve: ConfigServe;
}

export interface ConfigTarget {
  variant: string;
  ids: string[];
}

export interface ConfigRule {
  /** Stable for the rule's life: results and reasons refer to it. */
  id: string;
  name?: string | undefined;
  when: ConfigCondition[];
  serve: ConfigServe;
}

export type ConfigServe = { variant: string } | { split: ConfigSplit };

export interface ConfigSplit {
  /** Attribute that is hashed. */
  by: string;
  /** Never re-drawn by a ramp, a pause or a restart. */
  salt: string;
  /** In order along the line of buckets; `parts` of 100,000. */
  weights: { variant: string; parts: number }[];
  /** Only this share of the units takes part; drawn by another salt, so that changing it moves nobody. */
  share?: { salt: string; parts: number } | undefined;
  /** The experiment's slot in its layer, instead of a share: units from `from` to before `to`, parts of 100,000. */
  layer?: { key: string; salt: string; from: number; to: number } | undefined;
  /** Key of the experiment whose exposure this is. */
  experiment?: string | undefined;
  /** Keys of the holdouts that hold for it; one that has ended holds nobody out any more. */
  holdouts?: string[] | undefined;
}

/** A segment as the control plane keeps it. */
export interface SegmentDefinition {
  included: string[];
  excluded: string[];
  rules: ConfigCondition[][];
}

/**
 * What client keys get of a flag: nothing (`server`), its rules to decide by themselves (`client`), or only its
 * answers, from the edge (`edge`).
 */
export type Visibility = "server" | "client" | "edge";

/** A flag with what the compiler needs of it. */
export interface FlagSource {
  key: string;
  type: "boolean" | "string" | "number" | "json";
  visibility: Visibility;
  archived: boolean;
  variants: { key: string; value: JsonValue }[];
  config: FlagConfiguration;
}

/** All of an environment. */
export interface EnvironmentSource {
  /** `project/environment`. */
  environment: string;
  /** Whether people rely on it, as on production. */
  critical: boolean;
  flags: FlagSource[];
  segments: { key: string; definition: SegmentDefinition }[];
  /** Those that have not ended. */
  holdouts: HoldoutSource[];
}

export interface HoldoutSource {
  key: string;
  /** Attribute that is hashed. */
  by: string;
  salt: string;
  /** Share of the units, parts of 100,000. */
  parts: number;
}
