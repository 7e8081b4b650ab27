import { createServer } from "node:http";
import { resolve } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { openEventStore } from "@telltale/events";
import { openRulesetReader } from "@telltale/ruleset/read";
import { pino } from "pino";
import { harden, type ServerLimits, serverOptions } from "./admission/harden.ts";
import { watchLoop } from "./admission/loop-lag.ts";
import { createEdge, type Edge } from "./app.ts";
import { type EdgeEnv, readEnv } from "./env.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { closeServer, listen } from "./listen.ts";
import { Spool } from "./spool/spool.ts";

const VERSION = "0.1.0";
const HEARTBEAT_MS = 15_000;

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function limitsOf(env: EdgeEnv) {
  return {
    ...DEFAULT_LIMITS,
    bodyBytes: env.MAX_BODY_BYTES,
    queuedEvents: env.MAX_QUEUED_EVENTS,
    queuedBytes: env.MAX_QUEUED_BYTES,
    inserts: env.MAX_INSERTS,
    storeTimeoutMs: env.STORE_TIMEOUT_MS,
    spoolBytes: env.MAX_SPOOL_BYTES,
    keyRequestsPerSecond: env.KEY_REQUESTS_PER_SECOND,
    keyEventsPerSecond: env.KEY_EVENTS_PER_SECOND,
    retentionDays: env.EVENT_RETENTION_DAYS,
    streams: env.MAX_STREAMS,
    streamBufferBytes: env.MAX_STREAM_BUFFER_BYTES,
  };
}

function serverLimitsOf(env: EdgeEnv): ServerLimits {
  return {
    connections: env.MAX_CONNECTIONS,
    headersMs: env.HEADERS_TIMEOUT_MS,
    bodyMs: env.BODY_TIMEOUT_MS,
    silenceMs: env.SILENCE_TIMEOUT_MS,
  };
}

async function spoolOf(env: EdgeEnv): Promise<Spool | undefined> {
  if (env.SPOOL_DIR === undefined) return undefined;
  const spool = await Spool.open({
    folder: resolve(env.SPOOL_DIR),
    maxBytes: env.MAX_SPOOL_BYTES,
    maxWaitingBytes: env.MAX_QUEUED_BYTES,
  });
  return "sentence" in spool ? fail(`The edge cannot start: ${spool.sentence}.`) : spool;
}

async function main(): Promise<void> {
  const env = readEnv();
  if ("sentence" in env) fail(env.sentence);
  const log = pino({ name: "edge", level: env.LOG_LEVEL });

  // The reader reports rulesets while it opens, before there is an edge to push them.
  let edge: Edge | undefined;
  const reader = await openRulesetReader({
    databaseUrl: env.DATABASE_URL,
    onChange: (environmentId, audience) => edge?.rulesetChanged(environmentId, audience),
    onError: (error) => log.warn({ err: error }, "the control plane's database is away, serving the last rulesets"),
  }).catch((error: unknown) => {
    const reason = error instanceof Error && error.message !== "" ? error.message : String(error);
    return fail(`The edge cannot start: the database at DATABASE_URL does not answer (${reason}). Start it first.`);
  });
  const store = openEventStore({ url: env.CLICKHOUSE_URL });
  const running = createEdge({
    rulesets: reader,
    store,
    spool: await spoolOf(env),
    limits: limitsOf(env),
    version: VERSION,
    log,
    loopLagMs: watchLoop().lagMs,
  });
  edge = running;

  const server = createServer(
    serverOptions(serverLimitsOf(env)),
    getRequestListener(running.fetch, { overrideGlobalObjects: false }),
  );
  harden(server, serverLimitsOf(env));
  const refused = await listen(server, env.PORT, env.HOST);
  if (refused) fail(refused.sentence);
  const heartbeat = setInterval(() => running.heartbeat(), HEARTBEAT_MS);
  log.info({ host: env.HOST, port: env.PORT }, "edge is listening");

  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, "edge is stopping");
    clearInterval(heartbeat);
    // Only a store that neither answers nor fails gets this far; whoever waited was told nothing and sends again.
    const sentence = "The edge stopped before the event store had answered.";
    setTimeout(() => fail(sentence), env.STOP_TIMEOUT_MS + 1_000).unref();
    await Promise.all([closeServer(server, env.STOP_TIMEOUT_MS), running.stop()]);
    await Promise.allSettled([reader.close(), store.close()]);
    log.info({}, "edge has stopped");
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

await main();
