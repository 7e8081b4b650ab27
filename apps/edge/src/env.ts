import { z } from "zod";
import { SERVER_LIMITS } from "./admission/harden.ts";
import { DEFAULT_LIMITS } from "./limits.ts";

const port = z.coerce.number().int().min(1).max(65_535);
const positive = z.coerce.number().int().positive();

const schema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgresql:// URL" }),
  CLICKHOUSE_URL: z.url({ protocol: /^https?$/, error: "must be an http:// URL of ClickHouse" }),
  PORT: port.default(4401),
  HOST: z.string().min(1).default("127.0.0.1"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
  MAX_STREAMS: positive.default(DEFAULT_LIMITS.streams),
  MAX_STREAM_BUFFER_BYTES: positive.default(DEFAULT_LIMITS.streamBufferBytes),
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
  MAX_CONNECTIONS: positive.default(SERVER_LIMITS.connections),
  HEADERS_TIMEOUT_MS: positive.default(SERVER_LIMITS.headersMs),
  BODY_TIMEOUT_MS: positive.default(SERVER_LIMITS.bodyMs),
  SILENCE_TIMEOUT_MS: positive.default(SERVER_LIMITS.silenceMs),
  /** As the event store was told to keep events. */
  EVENT_RETENTION_DAYS: positive.default(DEFAULT_LIMITS.retentionDays),
  /** How long a stop may take before what is left is cut, milliseconds. */
  STOP_TIMEOUT_MS: positive.default(10_000),
});

export type EdgeEnv = z.infer<typeof schema>;

/** The edge's settings, or one sentence that names every wrong one. */
export function readEnv(source: Record<string, string | undefined> = process.env): EdgeEnv | { sentence: string } {
  // An empty variable counts as not set.
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => {
    const name = issue.path.join(".");
    return given[name] === undefined ? `${name} is not set` : `${name}: ${issue.message}`;
  });
  return { sentence: `The edge cannot start, its environment is wrong: ${faults.join("; ")}. See docs/edge.md.` };
}
