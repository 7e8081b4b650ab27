import type { Catalogue, CurrentRuleset, KeyInfo } from "@telltale/ruleset/read";
import { type Admission, createAdmission } from "./admission/admission.ts";
import { IdUses } from "./ingest/id-uses.ts";
import { createIntake, type Intake, type Store } from "./ingest/intake.ts";
import { keyStands } from "./keys/authenticate.ts";
import { isShared } from "./keys/tenant.ts";
import type { EdgeLimits } from "./limits.ts";
import { createMetrics, type Gauges, type Metrics } from "./metrics.ts";
import { RelayFeed } from "./relay/feed.ts";
import { payloadOf } from "./rulesets/payload.ts";
import { createSchemas, type Schemas } from "./rulesets/schemas.ts";
import type { Spool } from "./spool/spool.ts";
import { StreamHub } from "./stream/hub.ts";

/** What an edge needs from the world. */
export interface EdgeOptions {
  /** The ruleset reader, another edge's follower, or a fake of them. */
  rulesets: {
    keyByHash(hash: string): KeyInfo | undefined;
    current(environmentId: string, audience: KeyInfo["audience"]): CurrentRuleset | undefined;
    /** Called on each request, and for as long as a stream is open: the environment is held from then on. */
    activate(environmentId: string, audience: KeyInfo["audience"]): Promise<void> | undefined;
    catalogue(): Catalogue;
    healthy(): boolean;
    asOf(): number;
  };
  store: Store;
  /** Where events wait on disk while the store is away; without it they are refused then. */
  spool?: Spool | undefined;
  /** Set at a relay without a store: answers POST /v1/events by another edge. */
  forward?: ((request: Request) => Promise<Response>) | undefined;
  limits: EdgeLimits;
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
  /** How late the event loop is, milliseconds. */
  loopLagMs?: () => number;
}

/** Where the edge writes what it did; fields never hold bodies, keys or what people are called. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The components that hold state, wired to each other. */
export interface EdgeComponents {
  metrics: Metrics;
  hub: StreamHub;
  intake: Intake;
  idUses: IdUses;
  admission: Admission;
  feed: RelayFeed;
  schemas: Schemas;
}

export function createComponents(options: EdgeOptions): EdgeComponents {
  const { rulesets, limits, log } = options;
  const metrics = createMetrics({
    telltale_edge_streams: { help: "Open streams.", read: () => hub.size },
    telltale_edge_relays: { help: "Edges that follow this one.", read: () => feed.size },
    telltale_edge_queued_events: { help: "Events waiting for the store.", read: () => intake.queued },
    telltale_edge_body_bytes: { help: "Bytes of bodies in memory.", read: () => admission.bodies.bytes },
    telltale_edge_spool_bytes: { help: "Bytes on disk that wait for the store.", read: () => intake.spooledBytes },
    telltale_edge_resident_bytes: { help: "Resident memory.", read: () => process.memoryUsage.rss() },
    telltale_edge_flags_left_out: {
      help: "Flags that cannot be said in the schema of an older SDK that was asked for.",
      read: () => schemas.leftOut(),
    },
    ...rulesetGauges(options),
  });
  const schemas = createSchemas(options);
  const hub = new StreamHub({
    latest(environmentId, audience, schema) {
      const ruleset = schemas.current(environmentId, audience, schema);
      return ruleset && payloadOf(ruleset);
    },
    stands: (subscriber) => keyStands(subscriber, rulesets),
    maxStreams: limits.streams,
    isShared: () => isShared(rulesets.catalogue().keys),
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
  const intake = createIntake({ ...options, metrics });
  const { now = Date.now, loopLagMs = () => 0 } = options;
  const admission = createAdmission({ limits, metrics, now, loopLagMs });
  const feed = new RelayFeed({ source: rulesets, tokens: options.relayTokens ?? [] });
  return { metrics, hub, intake, idUses: new IdUses(), admission, feed, schemas };
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
