import { z } from "zod";
import { SERVER_LIMITS } from "./admission/harden.ts";
import { DEFAULT_LIMITS } from "./limits.ts";

const port = z.coerce.number().int().min(1).max(65_535);
const positive = z.coerce.number().int().positive();
const natural = z.coerce.number().int().nonnegative();
const token = z.string().regex(/^[\x21-\x7e]{32,200}$/, "must have 32 to 200 characters, plain and without spaces");

const settings = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgresql:// URL" }).optional(),
  CLICKHOUSE_URL: z.url({ protocol: /^https?$/, error: "must be an http:// URL of ClickHouse" }).optional(),
  /** Instead of DATABASE_URL: the edge to follow. */
  TELLTALE_UPSTREAM: z.url({ protocol: /^https?$/, error: "must be the http:// URL of another edge" }).optional(),
  TELLTALE_UPSTREAM_TOKEN: token.optional(),
  /** What relays of this edge show, with commas between: two while one is being replaced by another. */
  TELLTALE_RELAY_TOKENS: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(token))
    .default([]),
  /** What GET /metrics wants to be shown; it names environments. */
  METRICS_TOKEN: token.optional(),
  PORT: port.default(4401),
  HOST: z.string().min(1).default("127.0.0.1"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
  /** Where the snapshot is kept; a folder of this edge's own. */
  SNAPSHOT_DIR: z.string().min(1).optional(),
  /** How long a change may go unseen when its notification was lost, milliseconds. */
  SWEEP_INTERVAL_MS: positive.default(2_000),
  /** An environment that is not requested is let go after this time, milliseconds. */
  IDLE_ENVIRONMENT_MS: positive.default(86_400_000),
  /** How long a CDN may answer client keys by itself, seconds. */
  RULESET_SHARED_MAX_AGE_S: natural.default(0),
  MAX_STREAMS: positive.default(DEFAULT_LIMITS.streams),
  MAX_STREAM_BUFFER_BYTES: positive.default(DEFAULT_LIMITS.streamBufferBytes),
  STREAM_AGE_MS: positive.default(DEFAULT_LIMITS.streamAgeMs),
  MAX_BODY_BYTES: positive.default(DEFAULT_LIMITS.bodyBytes),
  MAX_QUEUED_EVENTS: positive.default(DEFAULT_LIMITS.queuedEvents),
  MAX_QUEUED_BYTES: positive.default(DEFAULT_LIMITS.queuedBytes),
  MAX_INSERTS: positive.default(DEFAULT_LIMITS.inserts),
  /** How long an insert may take before its events go to the spool, milliseconds. */
  STORE_TIMEOUT_MS: positive.default(DEFAULT_LIMITS.storeTimeoutMs),
  /** Where events wait on disk while the store is away: a folder that outlives the process, one an edge. */
  SPOOL_DIR: z.string().optional(),
  MAX_SPOOL_BYTES: positive.default(DEFAULT_LIMITS.spoolBytes),
  KEY_REQUESTS_PER_SECOND: positive.default(DEFAULT_LIMITS.keyRequestsPerSecond),
  KEY_EVENTS_PER_SECOND: positive.default(DEFAULT_LIMITS.keyEventsPerSecond),
  MAX_LOOP_LAG_MS: positive.default(DEFAULT_LIMITS.loopLagMs),
  SHARES_LOOP_LAG_MS: positive.default(DEFAULT_LIMITS.sharesLagMs),
  MAX_CONNECTIONS: positive.default(SERVER_LIMITS.connections),
  HEADERS_TIMEOUT_MS: positive.default(SERVER_LIMITS.headersMs),
  BODY_TIMEOUT_MS: positive.default(SERVER_LIMITS.bodyMs),
  SILENCE_TIMEOUT_MS: positive.default(SERVER_LIMITS.silenceMs),
  /** As the event store was told to keep events. */
  EVENT_RETENTION_DAYS: positive.default(DEFAULT_LIMITS.retentionDays),
  /** How long to go on serving after a signal to stop, for balancers to notice, milliseconds. */
  DRAIN_MS: natural.default(10_000),
  /** How long a stop may take after that before what is left is cut, milliseconds. */
  STOP_TIMEOUT_MS: positive.default(10_000),
});

type Settings = z.infer<typeof settings>;

/** Where rulesets and keys come from. */
export type RulesetOrigin = { databaseUrl: string } | { upstream: string; token: string };

export type EdgeEnv = Settings & { origin: RulesetOrigin };

/** The edge's settings, or one sentence that names every wrong one. */
export function readEnv(source: Record<string, string | undefined> = process.env): EdgeEnv | { sentence: string } {
  // An empty variable counts as not set.
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = settings.safeParse(given);
  const faults = (result.error?.issues ?? []).map((issue) => `${issue.path[0]?.toString()}: ${issue.message}`);
  const origin = originOf(given);
  if (typeof origin === "string") faults.push(origin);
  if (given.TELLTALE_UPSTREAM === undefined && given.CLICKHOUSE_URL === undefined) {
    faults.push("CLICKHOUSE_URL is not set");
  }
  if (result.success && typeof origin === "object" && faults.length === 0) return { ...result.data, origin };
  return { sentence: `The edge cannot start, its environment is wrong: ${faults.join("; ")}. See docs/edge.md.` };
}

function originOf(given: Record<string, string | undefined>): RulesetOrigin | string {
  const { DATABASE_URL: databaseUrl, TELLTALE_UPSTREAM: upstream, TELLTALE_UPSTREAM_TOKEN: token } = given;
  if (upstream === undefined) {
    return databaseUrl === undefined ? "DATABASE_URL is not set, and TELLTALE_UPSTREAM neither" : { databaseUrl };
  }
  if (databaseUrl !== undefined) return "DATABASE_URL and TELLTALE_UPSTREAM are both set: set the one to follow";
  return token === undefined ? "TELLTALE_UPSTREAM_TOKEN is not set" : { upstream, token };
}
