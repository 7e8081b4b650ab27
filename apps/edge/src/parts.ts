import type { ScopedEvent } from "@telltale/events";
import type { Catalogue, CurrentRuleset, KeyInfo } from "@telltale/ruleset/read";
import { Batcher } from "./ingest/batcher.ts";
import { keyStands } from "./keys/authenticate.ts";
import type { Limits } from "./limits.ts";
import { createMetrics, type Gauges, type Metrics } from "./metrics.ts";
import { RelayFeed } from "./relay/feed.ts";
import { payloadOf } from "./rulesets/payload.ts";
import { StreamHub } from "./stream/hub.ts";

/** What an edge needs from the world. */
export interface EdgeOptions {
  /** The ruleset reader, another edge's follower, or a fake of them. */
  rulesets: {
    keyByHash(hash: string): KeyInfo | undefined;
    current(environmentId: string, audience: KeyInfo["audience"]): CurrentRuleset | undefined;
    catalogue(): Catalogue;
    healthy(): boolean;
    asOf(): number;
  };
  /** The event store, or a fake of it. `append` resolves when the rows are durable. */
  store: { append(rows: ScopedEvent[]): Promise<void>; ping(): Promise<boolean> };
  /** Set at a relay without a store: answers POST /v1/events by another edge. */
  forward?: ((request: Request) => Promise<Response>) | undefined;
  limits: Limits;
  version: string;
  log: Log;
  /** How long a CDN may answer client keys by itself, seconds (default 0: not at all). */
  sharedMaxAgeS?: number;
  /** What relays show to be fed; none: this edge feeds nobody. */
  relayTokens?: readonly string[];
  /** What GET /metrics wants to be shown; absent: it is open. */
  metricsToken?: string | undefined;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** From 0 to below 1. */
  random?: () => number;
}

/** Where the edge writes what it did; fields never hold bodies, keys or what people are called. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The parts that hold state, wired to each other. */
export interface Parts {
  metrics: Metrics;
  hub: StreamHub;
  batcher: Batcher<ScopedEvent>;
  feed: RelayFeed;
}

export function createParts(options: EdgeOptions): Parts {
  const { rulesets, limits, log } = options;
  const metrics = createMetrics({
    telltale_edge_streams: { help: "Open streams.", read: () => hub.size },
    telltale_edge_relays: { help: "Edges that follow this one.", read: () => feed.size },
    telltale_edge_queued_events: { help: "Events waiting for the store.", read: () => batcher.queued },
    telltale_edge_resident_bytes: { help: "Resident memory.", read: () => process.memoryUsage.rss() },
    ...rulesetGauges(options),
  });
  const hub = new StreamHub({
    latest(environmentId, audience) {
      const ruleset = rulesets.current(environmentId, audience);
      return ruleset && payloadOf(ruleset);
    },
    stands: (subscriber) => keyStands(subscriber, rulesets),
    maxStreams: limits.streams,
    bufferBytes: limits.streamBufferBytes,
    maxAgeMs: limits.streamAgeMs,
    random: options.random ?? Math.random,
    onPush: (streams) => metrics.count("telltale_edge_pushes_total", {}, streams),
    onDrop(reason) {
      metrics.count("telltale_edge_streams_dropped_total", { reason });
      // Old age and moving are the edge's own wish and come by the thousand.
      if (reason === "slow" || reason === "revoked") log.info({ reason }, "stream dropped");
    },
  });
  const batcher = new Batcher<ScopedEvent>({
    insert: (rows) => insert(rows, options, metrics),
    maxRows: limits.insertEvents,
    intervalMs: limits.insertIntervalMs,
    maxQueuedRows: limits.queuedEvents,
    maxQueuedBytes: limits.queuedBytes,
  });
  const feed = new RelayFeed({ source: rulesets, tokens: options.relayTokens ?? [] });
  return { metrics, hub, batcher, feed };
}

function rulesetGauges({ rulesets, now = Date.now }: EdgeOptions): Gauges {
  const seconds = (since: number) => Math.max(0, (now() - since) / 1_000);
  const each = (value: (ruleset: CurrentRuleset) => number) =>
    [...rulesets.catalogue().rulesets.values()].map((ruleset) => ({
      labels: { environment: ruleset.environment, audience: ruleset.audience },
      value: value(ruleset),
    }));
  return {
    telltale_edge_ruleset_version: {
      help: "Version that is served.",
      read: () => each((ruleset) => ruleset.version),
    },
    telltale_edge_ruleset_age_seconds: {
      help: "Time since the version that is served was published.",
      read: () => each((ruleset) => seconds(ruleset.publishedAt)),
    },
    telltale_edge_unverified_seconds: {
      help: "Time since what is served was last known to be the newest; grows while the control plane is away.",
      read: () => seconds(rulesets.asOf()),
    },
    telltale_edge_keys: { help: "SDK keys that stand.", read: () => rulesets.catalogue().keys.size },
  };
}

/** One insert, counted and timed. */
async function insert(rows: ScopedEvent[], { store, log }: EdgeOptions, metrics: Metrics): Promise<void> {
  const start = performance.now();
  let result = "failed";
  try {
    await store.append(rows);
    result = "ok";
    metrics.count("telltale_edge_inserted_events_total", {}, rows.length);
  } catch (error) {
    log.error({ err: error, rows: rows.length }, "the event store refused an insert");
    throw error;
  } finally {
    metrics.count("telltale_edge_inserts_total", { result });
    metrics.count("telltale_edge_insert_seconds_total", {}, (performance.now() - start) / 1_000);
  }
}
