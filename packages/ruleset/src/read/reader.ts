import type { Audience } from "@telltale/evaluator";
import type pg from "pg";
import { type Catalogue, type CurrentRuleset, catalogueName } from "./catalogue.ts";
import { hangUp, openListeningSession } from "./connection.ts";
import { Following } from "./following.ts";
import { LiveCatalogue } from "./live-catalogue.ts";
import { merge, type News, newsIn, newsOf, newsOfAll } from "./news.ts";
import type { RulesetReader, RulesetReaderOptions } from "./options.ts";
import { readKeys, readTags } from "./rows.ts";

const FIRST_RETRY_MS = 100;
const IDLE_MS = 86_400_000;
/** Every so many sweeps read all keys; the others look at the requested environments. */
const KEYS_EVERY = 15;

/**
 * Keeps all keys and the newest rulesets of the requested environments in memory: LISTEN for speed, a sweep
 * for certainty. A notification costs what it names: the changes of one environment, or its keys. When the database is
 * away the last good state stays, and a new connection is tried until it works; it listens before it reads, so that
 * nothing falls in between.
 * @throws when the very first read fails and there is no `initial`
 */
export async function openRulesetReader(options: RulesetReaderOptions): Promise<RulesetReader> {
  const mirror = new Mirror(options);
  await mirror.start();
  return mirror;
}

class Mirror implements RulesetReader {
  private readonly live: LiveCatalogue;
  private readonly options: RulesetReaderOptions;
  /** By the name of the ruleset. */
  private readonly followed = new Map<string, Following>();
  private client: pg.Client | undefined;
  private sweep: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  /** What came during a look. */
  private pending: News | undefined;
  private failures = 0;
  private good = false;
  /** Whether `onAway` was told and `onBack` not yet. */
  private away = false;
  private closed = false;
  private seenAt: number;

  constructor(options: RulesetReaderOptions) {
    this.options = options;
    this.live = new LiveCatalogue(options, options.initial);
    this.seenAt = options.initialAsOf ?? 0;
    // What was requested before a restart will be requested again.
    for (const { environmentId, audience } of options.initial?.rulesets.values() ?? [])
      this.follow(environmentId, audience).settle();
  }

  async start() {
    try {
      await this.look(newsOfAll("start"));
    } catch (error) {
      if (!this.options.initial) throw error;
      this.lost(error);
    }
    let sweeps = 0;
    const sweep = () => this.wake(newsOfAll("sweep", ++sweeps % KEYS_EVERY === 0));
    this.sweep = setInterval(sweep, this.options.sweepIntervalMs ?? 2_000);
  }

  keyByHash(hash: string) {
    return this.live.keyByHash(hash);
  }

  current(environmentId: string, audience: Audience) {
    return this.live.current(environmentId, audience);
  }

  activate(environmentId: string, audience: Audience): Promise<void> | undefined {
    const known = this.followed.get(catalogueName({ environmentId, audience }));
    if (known) {
      known.askedAt = Date.now();
      return known.loading;
    }
    // What is not held cannot be read now; the reconnect reads nothing that nobody waits for.
    if (this.away || this.closed) return undefined;
    const { loading } = this.follow(environmentId, audience);
    this.wake(newsOf("activation", environmentId, 0));
    return loading;
  }

  catalogue() {
    return this.live.catalogue();
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

  private follow(environmentId: string, audience: Audience): Following {
    const following = new Following(environmentId, audience, Date.now());
    this.followed.set(catalogueName(following), following);
    return following;
  }

  /** One look at a time; what comes during a look is one more after it. */
  private wake(news: News) {
    if (this.closed) return;
    if (this.running) {
      this.pending = merge(this.pending, news);
      return;
    }
    this.running = this.look(this.client ? news : newsOfAll("reconnect"))
      .catch((error: unknown) => this.lost(error))
      .finally(() => {
        this.running = undefined;
        const next = this.pending;
        this.pending = undefined;
        if (next) this.wake(next);
      });
  }

  /** The database is away: says so once, and tries again sooner than the sweep would, each time later. */
  private lost(error: unknown) {
    this.letGo(({ loading }) => loading !== undefined);
    if (this.closed) return;
    if (!this.away) this.options.onAway?.(error);
    this.away = true;
    const limitMs = Math.min(5_000, FIRST_RETRY_MS * 2 ** this.failures++);
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.wake(newsOfAll("reconnect")), limitMs * (0.5 + Math.random() / 2));
  }

  private async look(news: News) {
    const startedAt = Date.now();
    try {
      const client = await this.connection();
      const keys = await this.keysAfter(client, news);
      const fresh = await this.rulesetsAfter(client, news);
      const rulesets = new Map(this.live.catalogue().rulesets);
      for (const [name, ruleset] of fresh) {
        if (ruleset) rulesets.set(name, ruleset);
        else rulesets.delete(name);
      }
      this.good = true;
      // A look at one environment says nothing about the others, but that the session stands and hears of them.
      this.seenAt = startedAt;
      this.failures = 0;
      const changes = this.live.replace({ keys, rulesets });
      for (const following of this.followed.values()) if (fresh.has(catalogueName(following))) following.settle();
      if (changes > 0) this.options.onFound?.(changes, news.cause);
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

  private async keysAfter(client: pg.ClientBase, news: News): Promise<Catalogue["keys"]> {
    if (news.isAllKeys) return readKeys(client);
    const held = this.live.catalogue().keys;
    if (news.keys.size === 0) return held;
    const keys = new Map([...held].filter(([, { environmentId }]) => !news.keys.has(environmentId)));
    for (const environmentId of news.keys)
      for (const [hash, key] of await readKeys(client, environmentId)) keys.set(hash, key);
    return keys;
  }

  /** What was read again, by name; undefined for what is not there any more. */
  private async rulesetsAfter(client: pg.ClientBase, news: News) {
    const stale = news.isAll ? await this.staleOfAll(client) : await this.staleOf(client, news);
    const read = new Map<string, CurrentRuleset | undefined>();
    for (const following of stale) {
      const { environmentId, audience } = following;
      const name = catalogueName(following);
      try {
        read.set(name, await following.read(client));
      } catch (error) {
        // A database that is away fails everything; what one environment has stored fails that one.
        if (await isAway(client)) throw error;
        read.set(name, this.live.current(environmentId, audience));
        this.options.onFault?.(environmentId, error);
      }
    }
    return read;
  }

  private async staleOfAll(client: pg.ClientBase): Promise<Following[]> {
    const oldest = Date.now() - (this.options.idleMs ?? IDLE_MS);
    const { holdsAll } = this.options;
    if (!holdsAll) this.letGo(({ askedAt }) => askedAt < oldest);
    const ids = holdsAll ? null : [...new Set([...this.followed.values()].map(({ environmentId }) => environmentId))];
    const tags = await readTags(client, ids);
    if (holdsAll) {
      for (const name of tags.keys()) {
        const at = name.lastIndexOf("/");
        if (!this.followed.has(name)) this.follow(name.slice(0, at), name.slice(at + 1) as Audience);
      }
    }
    return [...this.followed.values()].filter(
      (following) => following.loading !== undefined || following.tag !== tags.get(catalogueName(following)),
    );
  }

  private async staleOf(client: pg.ClientBase, { environments }: News): Promise<Following[]> {
    const stale: Following[] = [];
    for (const [environmentId, version] of environments) {
      const audiences = (["server", "client"] as const).flatMap((audience) => {
        const known = this.followed.get(catalogueName({ environmentId, audience }));
        if (known) return [known];
        return this.options.holdsAll ? [this.follow(environmentId, audience)] : [];
      });
      const isBehind = ({ loading, version: held }: Following) => loading !== undefined || version > held;
      stale.push(...audiences.filter(isBehind));
      // Told again of what is held already, or of a database that was put back.
      const ahead = audiences.filter((following) => !isBehind(following) && version < following.version);
      if (version === 0 || ahead.length === 0) continue;
      const tags = await readTags(client, [environmentId]);
      stale.push(...ahead.filter((following) => following.tag !== tags.get(catalogueName(following))));
    }
    return stale;
  }

  private letGo(isOver: (following: Following) => boolean): void {
    const { rulesets } = this.live.catalogue();
    const over = [...this.followed].filter(([, following]) => isOver(following));
    if (over.length === 0) return;
    for (const [name, following] of over) {
      this.followed.delete(name);
      following.settle();
    }
    this.live.release(over.map(([name]) => name).filter((name) => rulesets.has(name)));
  }

  private async connection(): Promise<pg.Client> {
    if (this.client) return this.client;
    const client: pg.Client = await openListeningSession({
      databaseUrl: this.options.databaseUrl,
      answerTimeoutMs: this.options.answerTimeoutMs ?? 5_000,
      onNotification: (payload) => this.wake(newsIn(payload)),
      onBroken: (error) => {
        if (this.client !== client) return;
        this.client = undefined;
        this.good = false;
        this.lost(error);
      },
    });
    this.client = client;
    return client;
  }
}

async function isAway(client: pg.ClientBase): Promise<boolean> {
  return client.query("select 1").then(
    () => false,
    () => true,
  );
}
