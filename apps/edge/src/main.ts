import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { openEventStore } from "@telltale/events";
import { pino } from "pino";
import { createEdge } from "./app.ts";
import { drain } from "./drain.ts";
import { type EdgeEnv, readEnv } from "./env.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { listen } from "./listen.ts";
import type { EdgeOptions } from "./parts.ts";
import { forwardEvents } from "./relay/forward.ts";
import { openSource, type Source } from "./source.ts";

const VERSION = "0.1.0";
const TICK_MS = 1_000;
/** Longer than balancers keep an idle connection, so that it is they who end it and no request meets a closed one. */
const KEEP_ALIVE_MS = 75_000;

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
    streams: env.MAX_STREAMS,
    streamBufferBytes: env.MAX_STREAM_BUFFER_BYTES,
    streamAgeMs: env.STREAM_AGE_MS,
  };
}

/** Where events go: the store, or for a relay without one, its upstream. */
function openEvents(env: EdgeEnv, source: Source) {
  const { CLICKHOUSE_URL: url, TELLTALE_UPSTREAM: upstream } = env;
  if (url !== undefined) {
    const store = openEventStore({ url });
    const append: EdgeOptions["store"]["append"] = (rows) => store.appendRows(rows);
    return { store: { append, ping: () => store.ping() }, forward: undefined, close: () => store.close() };
  }
  return {
    store: { append: () => Promise.reject(new Error("this relay has no store")), ping: async () => source.healthy() },
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
    forward: events.forward || undefined,
    limits: limitsOf(env),
    version: VERSION,
    log,
    sharedMaxAgeS: env.RULESET_SHARED_MAX_AGE_S,
    relayTokens: env.TELLTALE_RELAY_TOKENS,
    metricsToken: env.METRICS_TOKEN,
  });
  source.pushTo(edge);

  const server = createServer(
    { requestTimeout: 30_000, keepAliveTimeout: KEEP_ALIVE_MS, keepAlive: true },
    // Balancers check by HTTP/1.0 without a Host header; the name stands in for it.
    getRequestListener(edge.fetch, { overrideGlobalObjects: false, hostname: "edge" }),
  );
  const refused = await listen(server, env.PORT, env.HOST);
  if (refused) fail(refused.sentence);
  const ticking = setInterval(() => edge.tick(), TICK_MS);
  log.info({ host: env.HOST, port: env.PORT }, "edge is listening");

  const hurry = new AbortController();
  let isStopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    // Whoever asks twice does not want to wait for balancers.
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
