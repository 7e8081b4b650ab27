import type { Audience } from "@telltale/evaluator";

/** What a request's key stands for. */
export interface KeyInfo {
  id: string;
  environmentId: string;
  environmentKey: string;
  projectId: string;
  projectKey: string;
  /** Absent where it came from an edge of the release before. */
  organisationId?: string | undefined;
  audience: Audience;
  /** Origins a client key may be used from; empty: any. */
  origins: string[];
}

/** The newest ruleset of an environment and audience. */
export interface CurrentRuleset {
  environmentId: string;
  /** `project/environment`, for people. */
  environment: string;
  audience: Audience;
  version: number;
  digest: string;
  /** JSON text as stored: served byte for byte. */
  document: string;
  /** Strong entity tag, quotes included. */
  etag: string;
  /** When the control plane wrote it, milliseconds since 1970 by its clock. */
  publishedAt: number;
}

/** All that an edge must know of the control plane to do its work: it fits in memory, in a file and on a wire. */
export interface Catalogue {
  /** By the sha-256 (hex) of the key; keys themselves are known to nobody. */
  readonly keys: ReadonlyMap<string, KeyInfo>;
  /** By `catalogueName`. */
  readonly rulesets: ReadonlyMap<string, CurrentRuleset>;
}

/** Where a catalogue has a ruleset. */
export function catalogueName(ruleset: Pick<CurrentRuleset, "environmentId" | "audience">): string {
  return `${ruleset.environmentId}/${ruleset.audience}`;
}

/** The entity tag of a ruleset; SDKs build the same from the document that they hold. */
export function etagOf(ruleset: Pick<CurrentRuleset, "digest" | "version">): string {
  return `"${ruleset.digest}-${ruleset.version}"`;
}
