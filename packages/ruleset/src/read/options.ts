import type { Audience } from "@telltale/evaluator";
import type { Catalogue, CurrentRuleset, KeyInfo } from "./catalogue.ts";
import type { LiveCatalogueOptions } from "./live-catalogue.ts";
import type { Cause } from "./news.ts";

export interface RulesetReaderOptions extends LiveCatalogueOptions {
  databaseUrl: string;
  /** What to serve until the database answers; with it, opening never fails. */
  initial?: Catalogue | undefined;
  /** The moment up to which `initial` was known to be the newest, milliseconds since 1970. */
  initialAsOf?: number | undefined;
  /** Hold every environment from the start, for those who pass all on; else those that are requested. */
  holdsAll?: boolean | undefined;
  /** An environment that is not requested is let go after this, milliseconds (default a day). */
  idleMs?: number | undefined;
  /** A look has found this many changes. */
  onFound?: (changes: number, cause: Cause) => void;
  /** What is stored of an environment cannot be read: it stays as it is held, others go on. */
  onFault?: (environmentId: string, error: unknown) => void;
  /** The database went away or answers badly; reading goes on from memory. Called once an outage. */
  onAway?: (error: unknown) => void;
  /** It answers again, and everything missed meanwhile has been read. */
  onBack?: () => void;
  /** How often to look even when nothing was notified, milliseconds (default 2000). */
  sweepIntervalMs?: number;
  /** A database that is silent for longer is away, milliseconds (default 5000). */
  answerTimeoutMs?: number;
}

/** Keys and rulesets by memory, kept new by somebody. */
export interface RulesetReader {
  keyByHash(hash: string): KeyInfo | undefined;
  current(environmentId: string, audience: Audience): CurrentRuleset | undefined;
  /** To be called on each request for a ruleset: it is held from then on. Resolves when `current` can be asked. */
  activate(environmentId: string, audience: Audience): Promise<void> | undefined;
  /** All that is held: for a snapshot on disk, or for another edge. */
  catalogue(): Catalogue;
  /** Whether the last look worked: what is held is the newest there is. */
  healthy(): boolean;
  /** The moment up to which what is held is known to be the newest, milliseconds since 1970. */
  asOf(): number;
  close(): Promise<void>;
}
