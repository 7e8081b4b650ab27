import type { Audience } from "@telltale/evaluator";
import pg from "pg";
import { CHANNEL } from "../channel.ts";
import { type CurrentRuleset, type KeyInfo, readKeys, readRulesets, readVersions } from "./rows.ts";

export interface RulesetReaderOptions {
  databaseUrl: string;
  /** Called after a newer ruleset is in memory. */
  onChange?: (environmentId: string, audience: Audience) => void;
  /** Called when the database went away or answered badly; reading goes on from memory. */
  onError?: (error: unknown) => void;
  /** How often to look even when nothing was notified, milliseconds (default 5000). */
  pollIntervalMs?: number;
}

export interface RulesetReader {
  keyByHash(hash: string): KeyInfo | undefined;
  current(environmentId: string, audience: Audience): CurrentRuleset | undefined;
  /** Whether the last look at the database worked. */
  healthy(): boolean;
  close(): Promise<void>;
}

/**
 * Keeps every environment's newest rulesets and all keys in memory: LISTEN for speed, a poll for certainty.
 * When the database is away the last good state stays, and a new connection is tried until it works.
 * @throws when the very first read fails
 */
export async function openRulesetReader(options: RulesetReaderOptions): Promise<RulesetReader> {
  const mirror = new Mirror(options);
  await mirror.start();
  return mirror;
}

class Mirror implements RulesetReader {
  private keys = new Map<string, KeyInfo>();
  private rulesets = new Map<string, CurrentRuleset>();
  private versions = new Map<string, number>();
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private again = false;
  private good = false;
  private closed = false;
  private readonly options: RulesetReaderOptions;

  constructor(options: RulesetReaderOptions) {
    this.options = options;
  }

  async start() {
    await this.refresh();
    this.timer = setInterval(() => this.wake(), this.options.pollIntervalMs ?? 5_000);
  }

  keyByHash(hash: string) {
    return this.keys.get(hash);
  }

  current(environmentId: string, audience: Audience) {
    return this.rulesets.get(`${environmentId}/${audience}`);
  }

  healthy() {
    return this.good;
  }

  async close() {
    this.closed = true;
    clearInterval(this.timer);
    await this.running;
    if (this.client) hangUp(this.client);
  }

  /** One look at a time; a wake during a look means one more after it. */
  private wake() {
    if (this.closed) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = this.refresh()
      .catch((error: unknown) => this.options.onError?.(error))
      .finally(() => {
        this.running = undefined;
        if (!this.again) return;
        this.again = false;
        this.wake();
      });
  }

  private async refresh() {
    try {
      const client = await this.connection();
      this.keys = await readKeys(client);
      const versions = await readVersions(client);
      for (const [environmentId, version] of versions) {
        if (this.versions.get(environmentId) === version) continue;
        for (const [audience, ruleset] of await readRulesets(client, environmentId)) {
          this.rulesets.set(`${environmentId}/${audience}`, ruleset);
          this.options.onChange?.(environmentId, audience);
        }
        this.versions.set(environmentId, version);
      }
      this.good = true;
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
    const client = new pg.Client({
      connectionString: this.options.databaseUrl,
      application_name: "telltale ruleset reader",
      keepAlive: true,
    });
    client.on("error", (error) => {
      if (this.client === client) this.client = undefined;
      this.good = false;
      this.options.onError?.(error);
      this.wake();
    });
    client.on("notification", () => this.wake());
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
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
