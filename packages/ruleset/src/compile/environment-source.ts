import type { FlagConfiguration, SegmentDefinition, Visibility } from "@telltale/configuration";
import type { JsonValue, Watched } from "@telltale/evaluator";

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
  /** Flags under a release that is watched. */
  watched: WatchedSource[];
}

export interface WatchedSource {
  flag: string;
  visibility: Visibility;
  watch: Watched;
}

export interface HoldoutSource {
  key: string;
  /** Attribute that is hashed. */
  by: string;
  salt: string;
  /** Share of the units, parts of 100,000. */
  parts: number;
}
