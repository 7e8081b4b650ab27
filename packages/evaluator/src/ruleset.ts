/**
 * The ruleset: everything an SDK needs to decide in memory, as one immutable JSON document.
 * Public API: `ruleset.schema.json` says the same for other languages.
 */

/** The only schema number this evaluator understands; another one means: refuse the whole revision. */
export const RULESET_SCHEMA = 1;

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

export type FlagType = "boolean" | "string" | "number" | "json";

/** Who may read a ruleset: `server` sees all flags in clear, `client` only client-visible ones with ids hashed. */
export type Audience = "server" | "client";

export interface Ruleset {
  schema: typeof RULESET_SCHEMA;
  /** `project/environment` keys, for people and logs. */
  environment: string;
  audience: Audience;
  /** Increases by one with every published change of the environment. */
  version: number;
  /** sha-256 (hex) of the document's content without `version` and `digest`. */
  digest: string;
  flags: Record<string, Flag>;
  segments: Record<string, Segment>;
  /** Attributes that some split hashes by, `targetingKey` always among them. */
  attributes: string[];
  hints: Hints;
}

export interface Hints {
  /** How often SDKs send events, milliseconds. */
  flushIntervalMs: number;
  /** While true, SDKs send exposures at once: somebody is watching. */
  fastLane: boolean;
}

export interface Flag {
  type: FlagType;
  on: boolean;
  archived?: true;
  variants: Record<string, JsonValue>;
  /** Variant served while the flag is off or a prerequisite is not met. */
  off: string;
  prerequisites?: Prerequisite[];
  /** Individual targets: unit ids (hashed for the client audience) that get a variant before any rule. */
  targets?: Target[];
  rules: Rule[];
  /** Served when no rule matched. */
  serve: Serve;
}

export interface Prerequisite {
  flag: string;
  /** Any of these variants meets it. */
  variants: string[];
}

export interface Target {
  variant: string;
  ids: IdList;
}

export interface Rule {
  id: string;
  /** All must match (AND); an empty list matches everyone. */
  when: Condition[];
  serve: Serve;
}

/** One variant for everyone, or a split of the line of buckets. */
export type Serve = { variant: string } | { split: Split };

export interface Split {
  /** Attribute whose value is hashed: the unit. */
  by: string;
  /** murmur3_32(utf8(salt), 0), computed at compile time. */
  seed: number;
  /**
   * `ends[i]` is the exclusive upper bound of `variants[i]` in 0..2^32: floor(cumulative_i * 2^32 / 100000).
   * A bucket at or above the last end is in no variant: the rule does not match.
   */
  ends: number[];
  variants: string[];
  /** Only units below `end` on their own line (another seed) take part; the others: the rule does not match. */
  share?: { seed: number; end: number };
  /** Present when being served here is an exposure of that experiment. */
  experiment?: string;
}

export type Scalar = string | number | boolean;

/** Plain strings, or 16-hex-digit hashes of them (see `hashId`) in a client ruleset. */
export type IdList = { values: string[] } | { hashed: string[] };

/** A missing attribute never matches, negated operators included. Several values: any of them (OR). */
export type Condition =
  | { attribute: string; op: "in" | "notIn"; values: Scalar[] }
  | { attribute: string; op: "inHashed" | "notInHashed"; values: string[] }
  | { attribute: string; op: "contains" | "notContains" | "startsWith" | "endsWith"; values: string[] }
  | { attribute: string; op: "lt" | "lte" | "gt" | "gte"; values: number[] }
  | { attribute: string; op: "exists" | "notExists" }
  | { op: "inSegment" | "notInSegment"; segments: string[] };

/** A reusable audience: units listed by targeting key, or units for which any one of the rules matches. */
export interface Segment {
  included?: IdList;
  excluded?: IdList;
  /** Each inner list is a conjunction; any of them is enough. Segments may not refer to segments. */
  rules: Condition[][];
}
