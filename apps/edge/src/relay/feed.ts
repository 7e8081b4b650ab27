import type { Catalogue, CurrentRuleset } from "@telltale/ruleset/read";
import { showsToken } from "../keys/tokens.ts";
import { problem } from "../problem.ts";
import { type Outlet, openOutlet } from "../stream/outlet.ts";
import { keysLine, rulesetLine, stateLine } from "./messages.ts";

/** Seconds between two statements of the whole state: a relay that has missed something finds out by the next. */
const STATE_TICKS = 5;
/** Bytes that a relay may lag behind. */
const BUFFER_BYTES = 64 * 1_048_576;
const RELAYS_MAX = 1_000;

export interface RelayFeedOptions {
  source: { catalogue(): Catalogue; healthy(): boolean; asOf(): number };
  /** Whoever shows one of these may relay; with none nobody may. */
  tokens: readonly string[];
}

/** Feeds the edges whose upstream this one is: every key by its hash, every ruleset, as they change. */
export class RelayFeed {
  private readonly outlets = new Set<Outlet>();
  private readonly options: RelayFeedOptions;
  private ticks = 0;

  constructor(options: RelayFeedOptions) {
    this.options = options;
  }

  get size(): number {
    return this.outlets.size;
  }

  /** GET /relay/v1/feed: a line of JSON for each message, for as long as it is read. */
  answer(request: Request, destroy: (() => void) | undefined): Response {
    if (!showsToken(request.headers, this.options.tokens)) {
      const detail = "Relays send one of this edge's TELLTALE_RELAY_TOKENS as “Authorization: Bearer <token>”.";
      return problem("unknown-key", detail, { "www-authenticate": "Bearer" });
    }
    if (this.outlets.size >= RELAYS_MAX) {
      return problem("busy", "This edge feeds as many relays as it may. Use another upstream.", { "retry-after": "5" });
    }
    const headers = { "content-type": "application/x-ndjson", "cache-control": "no-store, no-transform" };
    if (request.method === "HEAD") return new Response(null, { headers });
    const outlet = openOutlet({ bufferBytes: BUFFER_BYTES, destroy, onGone: () => this.outlets.delete(outlet) });
    this.outlets.add(outlet);
    const { keys, rulesets } = this.options.source.catalogue();
    // One frame, since an empty outlet takes a frame of any size.
    outlet.write(Buffer.concat([keysLine(keys), ...[...rulesets.values()].map(rulesetLine), this.state()]));
    return new Response(outlet.body, { headers });
  }

  rulesetChanged(ruleset: CurrentRuleset): void {
    this.broadcast(rulesetLine(ruleset));
  }

  keysChanged(): void {
    this.broadcast(keysLine(this.options.source.catalogue().keys));
  }

  /** To be called every second. */
  tick(): void {
    if (++this.ticks % STATE_TICKS === 0 && this.outlets.size > 0) this.broadcast(this.state());
  }

  /** Ends all feeds; relays come back, to another edge where there is one. */
  closeAll(): void {
    for (const outlet of this.outlets) outlet.end();
    this.outlets.clear();
  }

  private state(): Buffer {
    const { source } = this.options;
    return stateLine(source.catalogue(), source.healthy(), source.asOf());
  }

  private broadcast(line: Buffer): void {
    for (const outlet of this.outlets) if (!outlet.write(line)) this.outlets.delete(outlet);
  }
}
