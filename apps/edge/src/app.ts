import type { Readable } from "node:stream";
import { RULESET_SCHEMA } from "@telltale/evaluator";
import type { CurrentRuleset, KeyInfo } from "@telltale/ruleset/read";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { type Admission, createAdmission } from "./admission/admission.ts";
import { createReadiness } from "./health/readiness.ts";
import { createIntake, type Store } from "./ingest/intake.ts";
import { receiveEvents } from "./ingest/receive.ts";
import { authenticate } from "./keys/authenticate.ts";
import type { Limits } from "./limits.ts";
import { createMetrics } from "./metrics.ts";
import { answerAll, answerFlag } from "./ofrep/answer.ts";
import { problem } from "./problem.ts";
import { getRuleset } from "./rulesets/get-ruleset.ts";
import { payloadOf } from "./rulesets/payload.ts";
import type { Spool } from "./spool/spool.ts";
import { StreamHub } from "./stream/hub.ts";
import { openStream } from "./stream/open-stream.ts";

/** What an edge needs from the world. */
export interface EdgeOptions {
  /** The ruleset reader, or a fake of it. */
  rulesets: {
    keyByHash(hash: string): KeyInfo | undefined;
    current(environmentId: string, audience: KeyInfo["audience"]): CurrentRuleset | undefined;
    healthy(): boolean;
  };
  store: Store;
  /** Where events wait on disk while the store is away; without it they are refused then. */
  spool?: Spool | undefined;
  limits: Limits;
  version: string;
  log: { info(fields: object, message: string): void; error(fields: object, message: string): void };
  /** Milliseconds since 1970. */
  now?: () => number;
  /** How late the event loop is, milliseconds. */
  loopLagMs?: () => number;
}

/** Node's side of a request, where there is one: slow streams are cut there. */
export interface NodeBindings {
  incoming?: Readable;
  outgoing?: { destroy(): unknown };
}

export interface Edge {
  fetch(request: Request, env?: NodeBindings): Response | Promise<Response>;
  /** To be called when a newer ruleset is readable. */
  rulesetChanged(environmentId: string, audience: KeyInfo["audience"]): void;
  /** To be called every 15 s. */
  heartbeat(): void;
  /** Refuses new work, ends the streams, stores what is queued. */
  stop(): Promise<void>;
}

type Env = {
  Bindings: NodeBindings;
  Variables: { key: KeyInfo; keyHash: string };
};

const OFREP = "/ofrep/v1/evaluate/flags";
const ROUTES = new Set(["/v1/ruleset", "/v1/stream", "/v1/events", OFREP, "/livez", "/readyz", "/metrics", "/version"]);
const POSTED = new Set(["/v1/events", OFREP]);

const browsers = cors({
  // Keys travel in a header, never in cookies: any origin may ask, the key decides.
  origin: (origin) => origin,
  allowMethods: ["GET", "POST", "OPTIONS"],
  allowHeaders: ["authorization", "x-api-key", "content-type", "last-event-id", "if-none-match"],
  exposeHeaders: ["etag", "retry-after"],
  maxAge: 7_200,
});

/** The parts that hold state, wired to each other. */
function createParts(options: EdgeOptions) {
  const { rulesets, limits, log } = options;
  const metrics = createMetrics({
    telltale_edge_streams: { help: "Open streams.", read: () => hub.size },
    telltale_edge_queued_events: { help: "Events waiting for the store.", read: () => intake.queued },
    telltale_edge_body_bytes: { help: "Bytes of bodies in memory.", read: () => admission.bodies.bytes },
    telltale_edge_spool_bytes: { help: "Bytes on disk that wait for the store.", read: () => intake.spooledBytes },
    telltale_edge_resident_bytes: { help: "Resident memory.", read: () => process.memoryUsage.rss() },
  });
  const hub = new StreamHub({
    latest(environmentId, audience) {
      const ruleset = rulesets.current(environmentId, audience);
      return ruleset && payloadOf(ruleset);
    },
    keyStands: (hash) => rulesets.keyByHash(hash) !== undefined,
    maxStreams: limits.streams,
    bufferBytes: limits.streamBufferBytes,
    onPush: (streams) => metrics.count("telltale_edge_pushes_total", {}, streams),
    onDrop(reason) {
      metrics.count("telltale_edge_streams_dropped_total", { reason });
      log.info({ reason }, "stream dropped");
    },
  });
  const intake = createIntake({ ...options, metrics });
  const { now = Date.now, loopLagMs = () => 0 } = options;
  const admission = createAdmission({ limits, metrics, now, loopLagMs });
  return { metrics, hub, intake, admission };
}

/** The data plane as a pure `Request → Response`; the caller owns the server, the timers and the reader. */
export function createEdge(options: EdgeOptions): Edge {
  const { rulesets, limits, log, now = Date.now } = options;
  const { metrics, hub, intake, admission } = createParts(options);
  let running = true;
  const readiness = createReadiness({
    rulesetsHealthy: () => rulesets.healthy(),
    pingStore: () => intake.ready(),
    running: () => running,
    now,
  });

  const app = new Hono<Env>();
  app.use(async (c, next) => {
    await next();
    const path = c.req.path.startsWith(`${OFREP}/`) ? OFREP : c.req.path;
    const route = ROUTES.has(path) ? path : "other";
    metrics.count("telltale_edge_http_requests_total", { route, status: String(c.res.status) });
  });
  app.use(browsers);
  const guarded = guard(rulesets, () => running);
  app.use("/v1/*", guarded);
  app.use("/ofrep/*", guarded);
  app.use("/v1/*", admit(admission));
  app.use("/ofrep/*", admit(admission));
  app.get("/v1/ruleset", (c) => getRuleset(c.req.raw, c.var.key, rulesets));
  app.get("/v1/stream", (c) => openStream(c.req.raw, c.var, hub, destroyer(c)));
  const receive = { keep: intake.keep, admission, limits, metrics, now };
  app.post("/v1/events", (c) => receiveEvents(c.req.raw, c.var.key, { ...receive, incoming: c.env?.incoming }));
  app.post(OFREP, (c) => answerAll(c.req.raw, c.var.key, rulesets));
  app.post(`${OFREP}/:key`, (c) => answerFlag(c.req.raw, c.var.key, c.req.param("key"), rulesets));
  app.get("/livez", (c) => c.json({ live: true }));
  app.get("/readyz", async (c) => {
    const answer = await readiness();
    return c.json(answer, answer.ready ? 200 : 503);
  });
  app.get("/metrics", (c) => c.text(metrics.text(), 200, { "content-type": "text/plain; version=0.0.4" }));
  app.get("/version", (c) => c.json({ name: "telltale-edge", version: options.version, schema: RULESET_SCHEMA }));
  app.notFound((c) => notFound(c.req.path));
  app.onError((error, c) => {
    log.error({ err: error, path: c.req.path }, "unexpected error");
    return problem("internal", "Something went wrong in the edge; its log says what. Try again.");
  });

  return {
    fetch: (request, env) => app.fetch(request, env),
    rulesetChanged: (environmentId, audience) => hub.publish(environmentId, audience),
    heartbeat: () => hub.heartbeat(),
    async stop() {
      running = false;
      hub.closeAll();
      await intake.drain();
    },
  };
}

function notFound(path: string): Response {
  if (!ROUTES.has(path)) return problem("not-found", "There is nothing at this address.");
  const allow = POSTED.has(path) ? "POST, OPTIONS" : "GET, HEAD, OPTIONS";
  return problem("method-not-allowed", `This address takes ${allow}.`, { allow });
}

/** Lets only known keys pass, and nobody while stopping. */
function guard(rulesets: EdgeOptions["rulesets"], isRunning: () => boolean): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (!isRunning()) {
      const detail = "This edge is stopping. Send the request again; another one, or the restarted one, will answer.";
      return problem("stopping", detail, { "retry-after": "1", connection: "close" });
    }
    const result = authenticate(c.req.raw.headers, rulesets);
    if ("refusal" in result) return result.refusal;
    c.set("key", result.key);
    c.set("keyHash", result.hash);
    await next();
  };
}

/** Sends away what the key or the process has no room for: events first, streams last. */
function admit(admission: Admission): MiddlewareHandler<Env> {
  return async (c, next) => {
    const kind = c.req.path === "/v1/events" ? "events" : c.req.path === "/v1/stream" ? "stream" : "ruleset";
    const refusal = admission.refuse(kind, c.var.key);
    if (refusal) return refusal;
    await next();
  };
}

function destroyer(c: Context<Env>): (() => void) | undefined {
  const outgoing = c.env?.outgoing;
  return outgoing && (() => void outgoing.destroy());
}
