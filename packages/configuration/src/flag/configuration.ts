import type { Condition } from "@telltale/evaluator";

/** Conditions as people write them: the hashed operators exist only in compiled rulesets. */
export type ConfigCondition = Exclude<Condition, { op: "inHashed" | "notInHashed" }>;

/** A flag in an environment as the control plane keeps it. These are types and no interfaces, so that they are JSON. */
export type FlagConfiguration = {
  on: boolean;
  /** Variant served while off. */
  off: string;
  /** All must hold, or the off variant is served; absent in configurations older than prerequisites. */
  prerequisites?: ConfigPrerequisite[] | undefined;
  targets: ConfigTarget[];
  rules: ConfigRule[];
  /** Everyone else. */
  serve: ConfigServe;
};

/** Another flag, and the variants of it of which one must be served. */
export type ConfigPrerequisite = {
  flag: string;
  variants: string[];
};

export type ConfigTarget = {
  variant: string;
  ids: string[];
};

export type ConfigRule = {
  /** Stable for the rule's life: results and reasons refer to it. */
  id: string;
  name?: string | undefined;
  when: ConfigCondition[];
  serve: ConfigServe;
};

export type ConfigServe = { variant: string } | { split: ConfigSplit };

export type ConfigSplit = {
  /** Attribute that is hashed. */
  by: string;
  /** Never changed by a ramp, a pause or a restart, so that units keep their buckets. */
  salt: string;
  /** In order along the line of buckets; `parts` of 100,000. */
  weights: { variant: string; parts: number }[];
  /**
   * Only this share of the units takes part; bucketed by a salt of its own, so that changing it moves nobody between
   * variants.
   */
  share?: { salt: string; parts: number } | undefined;
  /** The experiment's slot in its layer, instead of a share: units from `from` to before `to`, parts of 100,000. */
  layer?: { key: string; salt: string; from: number; to: number } | undefined;
  /** Key of the experiment whose exposure this is. */
  experiment?: string | undefined;
  /** Keys of the holdouts that hold for it; one that has ended holds nobody out any more. */
  holdouts?: string[] | undefined;
};

/**
 * What client keys get of a flag: nothing (`server`), its rules to decide by themselves (`client`), or only its
 * answers, from the edge (`edge`).
 */
export type Visibility = "server" | "client" | "edge";
