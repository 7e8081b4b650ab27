import { createServer } from "node:http";
import { resolve } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { openEventStore } from "@telltale/events";
import { pino } from "pino";
import { harden, type ServerLimits, serverOptions } from "./admission/harden.ts";
import { watchLoop } from "./admission/loop-lag.ts";
import { createEdge } from "./app.ts";
import { drain } from "./drain.ts";
import { type EdgeEnv, readEnv } from "./env.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { listen } from "./listen.ts";
import { forwardEvents } from "./relay/forward.ts";
import { openSource, type RulesetFeed } from "./source.ts";
import { Spool } from "./spool/spool.ts";

const VERSION = "0.1.0";
const TICK_MS = 1_000;

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
    loopLagMs: env.MAX_LOOP_LAG_MS,
    sharesLagMs: env.SHARES_LOOP_LAG_MS,
    retentionDays: env.EVENT_RETENTION_DAYS,
    streams: env.MAX_STREAMS,
    streamBufferBytes: env.MAX_STREAM_BUFFER_BYTES,
    streamAgeMs: env.STREAM_AGE_MS,
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
  // A relay without a store keeps nothing that it would have to bring somewhere.
  if (env.SPOOL_DIR === undefined || env.CLICKHOUSE_URL === undefined) return undefined;
  const spool = await Spool.open({
    folder: resolve(env.SPOOL_DIR),
    maxBytes: env.MAX_SPOOL_BYTES,
    maxWaitingBytes: env.MAX_QUEUED_BYTES,
  });
  return "sentence" in spool ? fail(`The edge cannot start: ${spool.sentence}.`) : spool;
}

/** Where events go: the store, or for a relay without one, its upstream. */
function openEvents(env: EdgeEnv, source: RulesetFeed) {
  const { CLICKHOUSE_URL: url, TELLTALE_UPSTREAM: upstream } = env;
  if (url !== undefined) {
    const store = openEventStore({ url });
    return { store, forward: undefined, close: () => store.close() };
  }
  return {
    store: { insert: () => Promise.reject(new Error("this relay has no store")), ping: async () => source.healthy() },
    forward: upstream && ((request: Request) => forwardEvents(request, upstream, env.MAX_BODY_BYTES)),
    close: async () => undefined,
  };
}

async function main(): Promise<void> {
  const env = readEnv();
  if ("sentence" in env) fail(env.sentence);
  const log = pino({ name: "edge", level: env.LOG_LEVEL });
  const source = await openSource(env, log);
  if ("sentence" in source) fail(source.sentence);
  const events = openEvents(env, source);
  const edge = createEdge({
    rulesets: source,
    store: events.store,
    spool: await spoolOf(env),
    forward: events.forward || undefined,
    limits: limitsOf(env),
    version: VERSION,
    log,
    sharedMaxAgeS: env.RULESET_SHARED_MAX_AGE_S,
    relayTokens: env.TELLTALE_RELAY_TOKENS,
    metricsToken: env.METRICS_TOKEN,
    loopLagMs: watchLoop().lagMs,
  });
  source.pushTo(edge);

  const server = createServer(
    serverOptions(serverLimitsOf(env)),
    // Balancers check by HTTP/1.0 without a Host header; the name stands in for it.
    getRequestListener(edge.fetch, { overrideGlobalObjects: false, hostname: "edge" }),
  );
  harden(server, serverLimitsOf(env), limitsOf(env));
  const refused = await listen(server, env.PORT, env.HOST);
  if (refused) fail(refused.sentence);
  const ticking = setInterval(() => edge.tick(), TICK_MS);
  log.info({ host: env.HOST, port: env.PORT }, "edge is listening");

  const hurry = new AbortController();
  let isStopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    // A second signal means: do not wait for balancers.
    if (isStopping) return hurry.abort();
    isStopping = true;
    log.info({ signal, drainMs: env.DRAIN_MS }, "edge is leaving");
    // Only a store that neither answers nor fails gets this far; whoever waited was told nothing and sends again.
    const sentence = "The edge stopped before the event store had answered.";
    setTimeout(() => fail(sentence), env.DRAIN_MS + env.STOP_TIMEOUT_MS + 1_000).unref();
    const { DRAIN_MS: drainMs, STOP_TIMEOUT_MS: timeoutMs } = env;
    await drain({ edge, server, drainMs, timeoutMs, hurry: hurry.signal });
    clearInterval(ticking);
    await Promise.allSettled([source.close(), events.close()]);
    log.info({}, "edge has stopped");
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

await main();
