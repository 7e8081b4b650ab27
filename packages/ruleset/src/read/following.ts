import { type Audience, RULESET_SCHEMA } from "@telltale/evaluator";
import type pg from "pg";
import { assembleText } from "./assemble.ts";
import { type CurrentRuleset, etagOf } from "./catalogue.ts";
import { type Entries, type EntryChange, replay } from "./entries.ts";
import { type DatedVersion, readDocument, readNewest, readVersionsAfter } from "./rows.ts";

/** What a reader holds of one environment for one audience, and how it comes to the next version. */
export class Following {
  readonly environmentId: string;
  readonly audience: Audience;
  /** When it was last requested, milliseconds since 1970. */
  askedAt: number;
  /** Resolves when it was read for the first time, or could not be; absent from then on. */
  loading: Promise<void> | undefined;
  private finishLoading: () => void = () => undefined;
  private entries: Entries | undefined;
  private heldVersion = 0;
  private heldTag = "";

  constructor(environmentId: string, audience: Audience, askedAt: number) {
    this.environmentId = environmentId;
    this.audience = audience;
    this.askedAt = askedAt;
    this.loading = new Promise((resolve) => {
      this.finishLoading = resolve;
    });
  }

  /** 0 while nothing is held. */
  get version(): number {
    return this.heldVersion;
  }

  /** Of what is held, as `readTags` gives it; "" while nothing is. */
  get tag(): string {
    return this.heldTag;
  }

  /** To be called when it was read, or could not be: those who wait go on. */
  settle(): void {
    this.finishLoading();
    this.loading = undefined;
  }

  /** Reads what is newer, or, where no step leads from what is held to it, all of it. Undefined: there is nothing. */
  async read(client: pg.ClientBase): Promise<CurrentRuleset | undefined> {
    const stepped = this.entries && this.step(this.entries, await readVersionsAfter(client, this));
    return stepped ?? (await this.load(client));
  }

  private step(entries: Entries, versions: DatedVersion[]): CurrentRuleset | undefined {
    const newest = versions.at(-1);
    if (!newest) return undefined;
    for (const { content, digest } of versions) {
      entries.apply(JSON.parse(content) as EntryChange[]);
      // A step is missing, or is not for what is held.
      if (entries.digest !== digest) return undefined;
    }
    return this.render(entries, newest);
  }

  private async load(client: pg.ClientBase): Promise<CurrentRuleset | undefined> {
    this.forget();
    const newest = await readNewest(client, this.environmentId, this.audience);
    if (newest) {
      const entries = replay([newest]);
      if (entries.header?.schema === RULESET_SCHEMA) {
        this.entries = entries;
        return this.render(entries, newest);
      }
    }
    // Published last by a release before this one, or by one after it, which writes documents for this one.
    const document = await readDocument(client, this.environmentId, this.audience);
    if (document) this.hold(newest ?? document);
    return document;
  }

  private render(entries: Entries, stored: DatedVersion): CurrentRuleset {
    const { environmentId, audience } = this;
    const { version } = stored;
    const { environment, digest, text: document } = assembleText(entries, audience, version);
    const publishedAt = stored.publishedAt.getTime();
    this.hold(stored);
    const tag = { version, digest };
    return { environmentId, environment, audience, ...tag, document, etag: etagOf(tag), publishedAt };
  }

  private hold(newest: Pick<CurrentRuleset, "version" | "digest">): void {
    this.heldVersion = newest.version;
    this.heldTag = etagOf(newest);
  }

  private forget(): void {
    this.entries = undefined;
    this.heldVersion = 0;
    this.heldTag = "";
  }
}
