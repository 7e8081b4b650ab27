import type { Readable } from "node:stream";
import { RULESET_SCHEMA } from "@telltale/evaluator";
import { type CurrentRuleset, type KeyInfo, SERVED_SCHEMAS } from "@telltale/ruleset/read";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { type RequestIdVariables, requestId } from "hono/request-id";
import type { Admission } from "./admission/admission.ts";
import { retryAfter } from "./admission/retry-after.ts";
import { createComponents, type EdgeComponents, type EdgeOptions } from "./components.ts";
import { createReadiness } from "./health/readiness.ts";
import { receiveEvents } from "./ingest/receive.ts";
import { authenticate } from "./keys/authenticate.ts";
import { showsToken } from "./keys/tokens.ts";
import { answerAll, answerFlag } from "./ofrep/answer.ts";
import { problem } from "./problem.ts";
import { getRuleset } from "./rulesets/get-ruleset.ts";
import { openStream } from "./stream/open-stream.ts";

/** Node's side of a request, where there is one: slow streams are cut there. */
export interface NodeBindings {
  incoming?: Readable;
  outgoing?: { destroy(): unknown };
}

export interface Edge {
  fetch(request: Request, env?: NodeBindings): Response | Promise<Response>;
  /** To be called when a newer ruleset is readable; `isFirst` where none was before, whenever it was published. */
  rulesetChanged(ruleset: CurrentRuleset, isFirst?: boolean): void;
  /** To be called when a ruleset is no longer requested: what was made of it is dropped. */
  rulesetReleased(ruleset: CurrentRuleset): void;
  /** To be called when keys came, went or changed: streams of revoked ones end. */
  keysChanged(): void;
  /** To be called every second. */
  tick(): void;
  /** Open streams. */
  readonly streams: number;
  /** Says that it is leaving, and goes on serving: not ready any more, every answer closes its connection. */
  leave(): void;
  /** Ends that many streams; their clients go elsewhere. */
  moveStreams(count: number): void;
  /** Refuses new work, ends the streams, stores what is queued. */
  stop(): Promise<void>;
}

type Env = {
  Bindings: NodeBindings;
  Variables: { key: KeyInfo; keyHash: string } & RequestIdVariables;
};

/** `leaving`: serves, but asks not to be sent anything new. */
type Phase = "running" | "leaving" | "stopped";

const OFREP = "/ofrep/v1/evaluate/flags";
const RELAY = "/relay/v1/feed";
const POSTED = ["/v1/events", OFREP];
const ROUTES = new Set(["/v1/ruleset", "/v1/stream", RELAY, ...POSTED, "/livez", "/readyz", "/metrics", "/version"]);

const browsers = cors({
  // Keys travel in a header, never in cookies: any origin may ask, the key decides.
  origin: (origin) => origin,
  allowMethods: ["GET", "POST", "OPTIONS"],
  allowHeaders: ["authorization", "x-api-key", "content-type", "last-event-id", "if-none-match"],
  exposeHeaders: ["etag", "retry-after", "x-request-id"],
  maxAge: 7_200,
});

/** The data plane as a pure `Request → Response`; the caller owns the server, the timers and the reader. */
export function createEdge(options: EdgeOptions): Edge {
  const components = createComponents(options);
  const { hub, feed, intake, metrics } = components;
  const { now = Date.now } = options;
  let phase: Phase = "running";
  const app = new Hono<Env>();
  app.use(requestId({ limitLength: 64 }));
  app.use(watch(options, components, () => phase));
  app.use(browsers);
  app.onError((error, c) => {
    options.log.error({ err: error, requestId: c.var.requestId, route: routeOf(c.req.path) }, "unexpected error");
    return problem("internal", "Something went wrong in the edge; its log says what. Try again.");
  });
  app.notFound((c) => notFound(c.req.path));
  dataPlane(app, options, components, () => phase);
  operations(app, options, components, () => phase);

  return {
    fetch: (request, env) => app.fetch(request, env),
    rulesetChanged(ruleset, isFirst = false) {
      hub.publish(ruleset.environmentId, ruleset.audience);
      feed.rulesetChanged(ruleset);
      if (!isFirst)
        metrics.observe("telltale_edge_propagation_seconds", {}, Math.max(0, now() - ruleset.publishedAt) / 1_000);
    },
    rulesetReleased(ruleset) {
      hub.forget(ruleset.environmentId, ruleset.audience);
    },
    keysChanged() {
      hub.review();
      feed.keysChanged();
    },
    tick() {
      hub.tick();
      // A stream counts as a request for its environment for as long as it is open.
      for (const { environmentId, audience } of hub.followed()) void options.rulesets.activate(environmentId, audience);
      feed.tick();
    },
    get streams() {
      return hub.size;
    },
    leave() {
      phase = "leaving";
    },
    moveStreams: (count) => hub.move(count),
    async stop() {
      phase = "stopped";
      hub.move(hub.size);
      feed.closeAll();
      await intake.drain();
    },
  };
}

/** What SDKs, OFREP clients and other edges ask. */
function dataPlane(app: Hono<Env>, options: EdgeOptions, components: EdgeComponents, phase: () => Phase): void {
  const { rulesets, limits, forward, sharedMaxAgeS = 0, now = Date.now } = options;
  const { hub, feed, intake, idUses, admission, metrics, schemas } = components;
  app.use("/v1/*", refuseWhenStopped(phase), guard(rulesets), admit(admission));
  app.use(
    "/ofrep/*",
    refuseWhenStopped(phase),
    guard(rulesets),
    admit(admission),
    hold(rulesets, () => "server"),
  );
  for (const path of ["/v1/ruleset", "/v1/stream"])
    app.use(
      path,
      hold(rulesets, (key) => key.audience),
    );
  app.use("/relay/*", refuseWhenStopped(phase));
  app.get("/v1/ruleset", (c) => getRuleset(c.req.raw, c.var.key, schemas, sharedMaxAgeS));
  app.get("/v1/stream", (c) => openStream(c.req.raw, c.var, hub, destroyer(c)));
  const servedToClients = (environmentId: string) => rulesets.current(environmentId, "client");
  const receive = { keep: intake.keep, idUses, servedToClients, admission, limits, metrics, now };
  app.post("/v1/events", (c) =>
    forward ? forward(c.req.raw) : receiveEvents(c.req.raw, c.var.key, { ...receive, incoming: c.env?.incoming }),
  );
  const ofrep = { source: rulesets, admission };
  app.post(OFREP, (c) => answerAll(c.req.raw, c.var.key, ofrep));
  app.post(`${OFREP}/:key`, (c) => answerFlag(c.req.raw, c.var.key, c.req.param("key"), ofrep));
  app.get(RELAY, (c) => feed.answer(c.req.raw, destroyer(c)));
}

/** What the edge's operators ask. */
function operations(
  app: Hono<Env>,
  options: EdgeOptions,
  { metrics, intake }: EdgeComponents,
  phase: () => Phase,
): void {
  const { rulesets, metricsToken, now = Date.now } = options;
  const readiness = createReadiness({
    isCurrent: () => rulesets.healthy(),
    pingStore: () => intake.ready(),
    running: () => phase() === "running",
    now,
  });
  app.get("/livez", (c) => c.json({ live: true }));
  app.get("/readyz", (c) => {
    const answer = readiness();
    return c.json(answer, answer.ready ? 200 : 503);
  });
  app.get("/metrics", (c) => {
    if (metricsToken !== undefined && !showsToken(c.req.raw.headers, [metricsToken])) {
      const detail = "Send the edge's METRICS_TOKEN as “Authorization: Bearer <token>”.";
      return problem("unknown-key", detail, { "www-authenticate": "Bearer" });
    }
    return c.text(metrics.text(), 200, { "content-type": "text/plain; version=0.0.4" });
  });
  const served = { schema: RULESET_SCHEMA, schemas: SERVED_SCHEMAS };
  app.get("/version", (c) => c.json({ name: "telltale-edge", version: options.version, ...served }));
}

/** Counts, times and logs every answer, and gives it the headers that all have. */
function watch({ log }: EdgeOptions, { metrics }: EdgeComponents, phase: () => Phase): MiddlewareHandler<Env> {
  return async (c, next) => {
    const start = performance.now();
    await next();
    const { headers, status } = c.res;
    headers.set("x-content-type-options", "nosniff");
    headers.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
    headers.set("referrer-policy", "no-referrer");
    if (phase() !== "running") headers.set("connection", "close");
    const route = routeOf(c.req.path);
    const seconds = (performance.now() - start) / 1_000;
    metrics.count("telltale_edge_http_requests_total", { route, status: String(status) });
    metrics.observe("telltale_edge_http_request_seconds", { route }, seconds);
    const fields = { requestId: c.var.requestId, method: c.req.method, route, status, seconds };
    log.debug(fields, "answered");
  };
}

/** The route without what people have put into it. */
function routeOf(path: string): string {
  const known = path.startsWith(`${OFREP}/`) ? OFREP : path;
  return ROUTES.has(known) ? known : "other";
}

function notFound(path: string): Response {
  const route = routeOf(path);
  if (route === "other") return problem("not-found", "There is nothing at this address.");
  const allow = POSTED.includes(route) ? "POST, OPTIONS" : "GET, HEAD, OPTIONS";
  return problem("method-not-allowed", `This address takes ${allow}.`, { allow });
}

function refuseWhenStopped(phase: () => Phase): MiddlewareHandler<Env> {
  return async (_, next) => {
    if (phase() !== "stopped") return next();
    const detail = "This edge is stopping. Send the request again; another one, or the restarted one, will answer.";
    return problem("stopping", detail, { "retry-after": "1" });
  };
}

/** Lets only known keys pass. */
function guard(rulesets: EdgeOptions["rulesets"]): MiddlewareHandler<Env> {
  return async (c, next) => {
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
    const refusal = await admission.refuse(kind, c.var.key);
    if (refusal) return refusal;
    await next();
  };
}

/** Waits until the environment that is asked for is held; what is asked for again is held already. */
function hold(
  rulesets: EdgeOptions["rulesets"],
  audienceOf: (key: KeyInfo) => KeyInfo["audience"],
): MiddlewareHandler<Env> {
  return async (c, next) => {
    const { environmentId } = c.var.key;
    const audience = audienceOf(c.var.key);
    await rulesets.activate(environmentId, audience);
    if (rulesets.healthy() || rulesets.current(environmentId, audience)) return next();
    const detail = "This environment is not held here and cannot be read at the moment. Try again shortly.";
    return problem("control-plane-away", detail, { "retry-after": retryAfter(5) });
  };
}

function destroyer(c: Context<Env>): (() => void) | undefined {
  const outgoing = c.env?.outgoing;
  return outgoing && (() => void outgoing.destroy());
}
