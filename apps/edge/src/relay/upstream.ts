import {
  type Catalogue,
  type CurrentRuleset,
  catalogueName,
  type KeyInfo,
  LiveCatalogue,
  type LiveCatalogueOptions,
  type RulesetReader,
} from "@telltale/ruleset/read";
import { digestOfLine, type Message, message } from "./messages.ts";
import { NO_REDIRECT } from "./redirect.ts";

/** The upstream states itself every 5 s; one that is silent for longer than this is dead. */
const SILENCE_MS = 12_000;
const FIRST_ANSWER_MS = 10_000;
const RETRY_MS = { first: 100, longest: 5_000 };

export interface UpstreamOptions extends LiveCatalogueOptions {
  /** Address of the edge to follow. */
  url: string;
  /** One of its TELLTALE_RELAY_TOKENS. */
  token: string;
  /** What to serve until the upstream answers; with it, opening never fails. */
  initial?: Catalogue | undefined;
  initialAsOf?: number | undefined;
  onAway?: (error: unknown) => void;
  onBack?: () => void;
  silenceMs?: number;
}

/**
 * Follows another edge instead of the control plane's database: the same keys and rulesets, a hop later.
 * @throws when the first answer does not come and there is no `initial`
 */
export async function openUpstream(options: UpstreamOptions): Promise<RulesetReader> {
  const upstream = new Upstream(options);
  await upstream.start();
  return upstream;
}

class Upstream implements RulesetReader {
  private readonly live: LiveCatalogue;
  private readonly options: UpstreamOptions;
  /** What was read so far; from the first state on it is what is held. */
  private draft = emptyDraft();
  private isSynced = false;
  private isUpstreamHealthy = false;
  private seenAt: number;
  private failures = 0;
  private isAway = false;
  private readonly closing = new AbortController();
  private retry: NodeJS.Timeout | undefined;
  private wakeStart: (error?: unknown) => void = () => undefined;

  constructor(options: UpstreamOptions) {
    this.options = options;
    this.live = new LiveCatalogue(options, options.initial);
    this.seenAt = options.initialAsOf ?? 0;
  }

  async start() {
    const first = new Promise<unknown>((resolve) => {
      this.wakeStart = resolve;
    });
    void this.follow();
    const limit = setTimeout(() => this.wakeStart(new Error("it does not answer")), FIRST_ANSWER_MS);
    const error = await first;
    clearTimeout(limit);
    if (error === undefined || this.options.initial) return;
    await this.close();
    throw error;
  }

  keyByHash(hash: string): KeyInfo | undefined {
    return this.live.keyByHash(hash);
  }

  current(environmentId: string, audience: KeyInfo["audience"]): CurrentRuleset | undefined {
    return this.live.current(environmentId, audience);
  }

  /** A relay is fed all that there is, asked for or not. */
  activate(): undefined {
    return undefined;
  }

  catalogue(): Catalogue {
    return this.live.catalogue();
  }

  healthy(): boolean {
    return this.isSynced && this.isUpstreamHealthy;
  }

  asOf(): number {
    return this.seenAt;
  }

  async close(): Promise<void> {
    clearTimeout(this.retry);
    this.closing.abort();
  }

  /** Reads until the feed ends, however it ends, and comes back later. */
  private async follow(): Promise<void> {
    const attempt = new AbortController();
    const signal = AbortSignal.any([attempt.signal, this.closing.signal]);
    let failure: unknown;
    try {
      await this.read(attempt, signal);
      failure = new Error("the upstream ended the feed");
    } catch (error) {
      failure = attempt.signal.reason ?? error;
    }
    attempt.abort();
    if (this.closing.signal.aborted) return;
    // One that was well a moment ago has only moved, or restarts: nothing to tell before it cannot be found again.
    const wasSynced = this.isSynced;
    this.isSynced = false;
    if (!this.isAway && !wasSynced) {
      this.isAway = true;
      this.options.onAway?.(failure);
    }
    this.wakeStart(failure);
    const limitMs = Math.min(RETRY_MS.longest, RETRY_MS.first * 2 ** this.failures++);
    this.retry = setTimeout(() => void this.follow(), limitMs * Math.random());
  }

  private async read(attempt: AbortController, signal: AbortSignal): Promise<void> {
    const silenceMs = this.options.silenceMs ?? SILENCE_MS;
    const silent = () => attempt.abort(new Error(`the upstream was silent for ${silenceMs} ms`));
    const stall = setTimeout(silent, silenceMs);
    try {
      const response = await fetch(new URL("/relay/v1/feed", this.options.url), {
        headers: { authorization: `Bearer ${this.options.token}` },
        signal,
        redirect: NO_REDIRECT,
      });
      if (!response.ok || !response.body) throw new Error(await refusalOf(response));
      this.draft = emptyDraft();
      const decoder = new TextDecoder();
      let rest = "";
      for await (const chunk of response.body) {
        stall.refresh();
        // Only the new piece is searched: a ruleset of megabytes is one line that comes in many pieces.
        const lines = decoder.decode(chunk, { stream: true }).split("\n");
        lines[0] = rest + lines[0];
        rest = lines.pop() ?? "";
        for (const line of lines) this.take(line);
      }
    } finally {
      clearTimeout(stall);
    }
  }

  private take(text: string): void {
    const received: Message = message.parse(JSON.parse(text));
    switch (received.type) {
      case "keys":
        this.draft.keys = new Map(received.keys);
        this.draft.keysDigest = digestOfLine(text);
        break;
      case "ruleset":
        this.draft.rulesets.set(catalogueName(received.ruleset), received.ruleset);
        break;
      case "state":
        this.agree(received);
        return;
      default:
        received satisfies never;
    }
    if (this.isSynced) this.hold();
  }

  /** The upstream says what it holds: if this edge holds anything else, it reads all of it again. */
  private agree(state: Extract<Message, { type: "state" }>): void {
    const { draft } = this;
    const names = Object.entries(state.rulesets);
    const isSame =
      draft.keysDigest === state.keys && names.every(([name, etag]) => draft.rulesets.get(name)?.etag === etag);
    if (!isSame) throw new Error("the feed has lost something on its way");
    for (const name of draft.rulesets.keys()) if (!Object.hasOwn(state.rulesets, name)) draft.rulesets.delete(name);
    this.isSynced = true;
    this.isUpstreamHealthy = state.healthy;
    this.seenAt = state.asOf;
    this.failures = 0;
    this.hold();
    if (this.isAway) this.options.onBack?.();
    this.isAway = false;
    this.wakeStart();
  }

  private hold(): void {
    this.live.replace({ keys: this.draft.keys, rulesets: this.draft.rulesets });
  }
}

function emptyDraft() {
  return { keys: new Map<string, KeyInfo>(), keysDigest: "", rulesets: new Map<string, CurrentRuleset>() };
}

async function refusalOf(response: Response): Promise<string> {
  if (response.status === 401) return "it refused TELLTALE_UPSTREAM_TOKEN: use one of its TELLTALE_RELAY_TOKENS";
  await response.body?.cancel();
  return `it answered ${response.status} at /relay/v1/feed`;
}
