/**
 * The ruleset: everything an SDK needs to decide in memory, as one immutable JSON document.
 * Public API: `ruleset.schema.json` says the same for other languages.
 */

/** The only schema number this evaluator understands; another one means: refuse the whole revision. */
export const RULESET_SCHEMA = 2;

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

export type FlagType = "boolean" | "string" | "number" | "json";

/**
 * Who may read a ruleset: `server` sees all flags in clear, `client` those visible to clients, and every list of ids
 * as hashes (see `hashId`).
 */
export type Audience = "server" | "client";

export interface Ruleset {
  /** Of the document's text without this member (see `sealed`); the first member, so that a text can be checked. */
  digest: string;
  schema: typeof RULESET_SCHEMA;
  /** `project/environment` keys, for people and logs. */
  environment: string;
  audience: Audience;
  /** Increases by one with every published change of the environment. */
  version: number;
  /** Attributes that some split hashes by, `targetingKey` always among them. */
  attributes: string[];
  hints: Hints;
  /**
   * What rules ask, each once, under a name made of its content: all conditions of a list must match (AND). What many
   * flags ask is read, checked and prepared once, and a change of one flag changes nothing else in the document.
   */
  conditions: Record<string, Condition[]>;
  segments: Record<string, Segment>;
  /** Units kept out of experiments, by key; experiments name those that hold for them. */
  holdouts?: Record<string, Holdout>;
  flags: Record<string, Flag>;
}

export interface Hints {
  /** How often SDKs send events, milliseconds. */
  flushIntervalMs: number;
  /** While true, SDKs send exposures at once: somebody is watching. */
  fastLane: boolean;
  /** True where people may override flags locally, for trying things out; absent in production. */
  overrides?: true;
  /** Flags under release, by key: what is observed of their units is reported. Absent: none. */
  watched?: Record<string, Watched>;
}

/** How a flag under release is watched. */
export interface Watched {
  /** Attribute that is the unit. */
  by: string;
  /** By metric: an observed value above it counts as a failure of its unit. */
  above?: Record<string, number>;
}

/** Units that stand below `end` on this line meet no experiment of the holdout: its rule does not match. */
export interface Holdout {
  /** Attribute whose value is hashed. */
  by: string;
  seed: number;
  end: number;
}

/** What is usual is left out, so that a thousand flags are read in a few milliseconds. */
export interface Flag {
  /** Absent: the type of its values (see `flagTypeOf`). */
  type?: "json";
  /** Absent: it is on. */
  on?: false;
  archived?: true;
  /**
   * In server rulesets: whether client keys get this flag's rules (`client`) or only its answers, from the edge
   * (`edge`). Absent: neither.
   */
  visibility?: "client" | "edge";
  variants: Record<string, JsonValue>;
  /** Variant served while the flag is off or a prerequisite does not hold. */
  off: string;
  prerequisites?: Prerequisite[];
  /** Individual targets: unit ids that get a variant before any rule. */
  targets?: Target[];
  rules?: Rule[];
  /** Served when no rule matched. */
  serve: Serve;
}

export interface Prerequisite {
  flag: string;
  /** It holds when the flag is served any of these variants. */
  variants: string[];
}

export interface Target {
  variant: string;
  /** Unit ids; hashes of them in a client ruleset. */
  ids: string[];
}

/** Its id, the name of the conditions that must all match ("": it matches everyone), and what it serves. */
export type Rule = [id: string, when: string, serve: Serve];

/** One variant for everyone, by its key, or a split of the line of buckets. */
export type Serve = string | Split;

export interface Split {
  /** Attribute whose value is hashed: the unit. Absent: `targetingKey`. */
  by?: string;
  /** murmur3_32(utf8(salt), 0), computed at compile time. */
  seed: number;
  /**
   * `ends[i]` is the exclusive upper bound of `variants[i]` in 0..2^32: floor(cumulative_i * 2^32 / 100000).
   * A bucket at or above the last end is in no variant: the rule does not match.
   */
  ends: number[];
  variants: string[];
  /**
   * Only units at or above `start` (0 unless given) and below `end` on their own line (another seed) take part; for
   * the others the rule does not match. Experiments of one layer have the layer's seed and slots that do not overlap.
   */
  share?: { seed: number; start?: number; end: number };
  /** Present when being served here is an exposure of that experiment. */
  experiment?: string;
  /** Keys of the holdouts that hold for it. */
  holdouts?: string[];
}

export type Scalar = string | number | boolean;

/**
 * A missing attribute never matches, negated operators included. Several values: any of them (OR). An attribute that is
 * a list matches when any of its elements does. `docs/evaluation.md` says what each operator compares, and why.
 */
export type Condition =
  | { attribute: string; op: "in" | "notIn"; values: Scalar[] }
  /** Values are hashes of texts (see `hashId`). */
  | { attribute: string; op: "inHashed" | "notInHashed"; values: string[] }
  | { attribute: string; op: "contains" | "notContains" | "startsWith" | "endsWith"; values: string[] }
  /** Regular expressions (ECMAScript, flag `u`, found anywhere in the text). */
  | { attribute: string; op: "matches" | "notMatches"; values: string[] }
  | { attribute: string; op: "lt" | "lte" | "gt" | "gte"; values: number[] }
  /** Semantic versions (2.0.0). */
  | { attribute: string; op: "semverEq" | "semverLt" | "semverLte" | "semverGt" | "semverGte"; values: string[] }
  /** RFC 3339 texts or epoch milliseconds. */
  | { attribute: string; op: "before" | "after"; values: (string | number)[] }
  /** IPv4 or IPv6 blocks (`10.0.0.0/8`), or single addresses. */
  | { attribute: string; op: "inCidr" | "notInCidr"; values: string[] }
  | { attribute: string; op: "exists" | "notExists" }
  | { op: "inSegment" | "notInSegment"; segments: string[] };

/** A reusable audience: units listed by targeting key, or units for which any one of the rules matches. */
export interface Segment {
  /** Unit ids; hashes of them in a client ruleset. */
  included?: string[];
  excluded?: string[];
  /** Names conditions: any of them is enough. They ask for no segment. */
  rules?: string[];
}

/** The type of a flag's values. */
export function flagTypeOf({ type, variants, off }: Flag): FlagType {
  return type ?? (typeof variants[off] as FlagType);
}
