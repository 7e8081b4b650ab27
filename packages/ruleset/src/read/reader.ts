import type { Audience } from "@telltale/evaluator";
import pg from "pg";
import { CHANNEL } from "../channel.ts";
import { type Catalogue, type CurrentRuleset, type KeyInfo, nameOf } from "./catalogue.ts";
import { Holdings, type HoldingsOptions } from "./holdings.ts";
import { requireScram, requiresScram } from "./require-scram.ts";
import { readKeys, readRulesets, readTags } from "./rows.ts";

/** Why the reader looked: it was told to, it never relies on being told, or it had lost the database. */
export type Cause = "start" | "notification" | "sweep" | "reconnect";

export interface RulesetReaderOptions extends HoldingsOptions {
  databaseUrl: string;
  /** What to serve until the database answers; with it, opening never fails. */
  initial?: Catalogue | undefined;
  /** The moment up to which `initial` was known to be the newest, milliseconds since 1970. */
  initialAsOf?: number | undefined;
  /** A look has found this many changes. */
  onFound?: (changes: number, cause: Cause) => void;
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
  /** All of it: for a snapshot on disk, or for another edge. */
  catalogue(): Catalogue;
  /** Whether the last look worked: what is held is the newest there is. */
  healthy(): boolean;
  /** The moment up to which what is held is known to be the newest, milliseconds since 1970. */
  asOf(): number;
  close(): Promise<void>;
}

const FIRST_RETRY_MS = 100;

/**
 * Keeps every environment's newest rulesets and all keys in memory: LISTEN for speed, a sweep for certainty.
 * When the database is away the last good state stays, and a new connection is tried until it works; it listens
 * before it reads, so that nothing falls in between.
 * @throws when the very first read fails and there is no `initial`
 */
export async function openRulesetReader(options: RulesetReaderOptions): Promise<RulesetReader> {
  const mirror = new Mirror(options);
  await mirror.start();
  return mirror;
}

class Mirror implements RulesetReader {
  private readonly holdings: Holdings;
  private readonly options: RulesetReaderOptions;
  private client: pg.Client | undefined;
  private sweep: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  /** A wake that came during a look. */
  private again: Cause | undefined;
  private failures = 0;
  private good = false;
  /** Whether `onAway` was told and `onBack` not yet. */
  private away = false;
  private closed = false;
  private seenAt: number;

  constructor(options: RulesetReaderOptions) {
    this.options = options;
    this.holdings = new Holdings(options, options.initial);
    this.seenAt = options.initialAsOf ?? 0;
  }

  async start() {
    try {
      await this.look("start");
    } catch (error) {
      if (!this.options.initial) throw error;
      this.lost(error);
    }
    this.sweep = setInterval(() => this.wake("sweep"), this.options.sweepIntervalMs ?? 2_000);
  }

  keyByHash(hash: string) {
    return this.holdings.keyByHash(hash);
  }

  current(environmentId: string, audience: Audience) {
    return this.holdings.current(environmentId, audience);
  }

  catalogue() {
    return this.holdings.catalogue();
  }

  healthy() {
    return this.good;
  }

  asOf() {
    return this.seenAt;
  }

  async close() {
    this.closed = true;
    clearInterval(this.sweep);
    clearTimeout(this.retry);
    if (this.client) hangUp(this.client);
    await this.running;
  }

  /** One look at a time; a wake during a look means one more after it. */
  private wake(cause: Cause) {
    if (this.closed) return;
    if (this.running) {
      this.again = cause;
      return;
    }
    this.running = this.look(this.client ? cause : "reconnect")
      .catch((error: unknown) => this.lost(error))
      .finally(() => {
        this.running = undefined;
        const next = this.again;
        this.again = undefined;
        if (next) this.wake(next);
      });
  }

  /** The database is away: says so once, and tries again sooner than the sweep would, each time later. */
  private lost(error: unknown) {
    if (this.closed) return;
    if (!this.away) this.options.onAway?.(error);
    this.away = true;
    const limitMs = Math.min(5_000, FIRST_RETRY_MS * 2 ** this.failures++);
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.wake("reconnect"), limitMs * (0.5 + Math.random() / 2));
  }

  private async look(cause: Cause) {
    const startedAt = Date.now();
    try {
      const client = await this.connection();
      const keys = await readKeys(client);
      const tags = await readTags(client);
      const held = this.holdings.catalogue().rulesets;
      const stale = [...tags].filter(([name, tag]) => held.get(name)?.etag !== tag).map(([name]) => name);
      const environmentIds = [...new Set(stale.map((name) => name.slice(0, name.lastIndexOf("/"))))];
      const fresh = environmentIds.length > 0 ? await readRulesets(client, environmentIds) : [];
      const rulesets = new Map([...held].filter(([name]) => tags.has(name)));
      for (const ruleset of fresh) rulesets.set(nameOf(ruleset), ruleset);
      this.good = true;
      this.seenAt = startedAt;
      this.failures = 0;
      const changes = this.holdings.replace({ keys, rulesets });
      if (changes > 0) this.options.onFound?.(changes, cause);
      if (this.away) this.options.onBack?.();
      this.away = false;
    } catch (error) {
      this.good = false;
      const broken = this.client;
      this.client = undefined;
      if (broken) hangUp(broken);
      throw error;
    }
  }

  private async connection(): Promise<pg.Client> {
    if (this.client) return this.client;
    const timeoutMs = this.options.answerTimeoutMs ?? 5_000;
    const client = new pg.Client({
      connectionString: this.options.databaseUrl,
      application_name: "telltale ruleset reader",
      keepAlive: true,
      // A database that is stopped, or a network that swallows packets, fails nothing by itself.
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
    });
    if (requiresScram(this.options.databaseUrl)) requireScram(client);
    client.on("error", (error) => {
      if (this.client !== client) return;
      this.client = undefined;
      this.good = false;
      this.lost(error);
    });
    client.on("notification", () => this.wake("notification"));
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      hangUp(client);
      throw error;
    }
    this.client = client;
    return client;
  }
}

/** Says goodbye and does not wait: on a connection that broke, `end` may never answer. */
function hangUp(client: pg.Client) {
  client.removeAllListeners();
  client.on("error", () => undefined);
  client.end().catch(() => undefined);
}
