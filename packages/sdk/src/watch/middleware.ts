import { AsyncResource } from "node:async_hooks";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { WatchedServer } from "./node.ts";

/** What middleware needs of the client. */
type Watched = Pick<WatchedServer, "observe" | "scope">;

const EVENT_STREAM = "text/event-stream";

/** What became of a request. */
interface Outcome {
  /** It threw. */
  fail(): void;
  /** It was answered: 500 or above is an `error`, and how long it took is its `latency`, milliseconds. */
  end(status: number, isStream?: boolean): void;
}

/** To be called in a request's scope; the outcome is booked there from wherever it is told. */
function followRequest(watched: Watched): Outcome {
  const startedAt = performance.now();
  const observe = AsyncResource.bind((metric: string, value?: number) => watched.observe(metric, value));
  let hasFailed = false;
  const fail = () => {
    if (!hasFailed) observe("error");
    hasFailed = true;
  };
  return {
    fail,
    end(status, isStream) {
      if (status >= 500) fail();
      if (!isStream) observe("latency", performance.now() - startedAt);
    },
  };
}

/**
 * Whether a response is a stream of events, which takes as long as somebody listens. Headers that `writeHead` was given are
 * not to be asked for; browsers say what they want.
 */
function isEventStream(response: ServerResponse): boolean {
  const type = String(response.getHeader("content-type"));
  return type.startsWith(EVENT_STREAM) || response.req.headers.accept === EVENT_STREAM;
}

/** The same for a response of Node: what its caller gave up before the end has no latency. */
function followResponse(watched: Watched, response: ServerResponse): Outcome {
  const outcome = followRequest(watched);
  response.once("finish", () => outcome.end(response.statusCode, isEventStream(response)));
  return outcome;
}

/** Runs the work, tells the outcome when it throws or rejects, and passes that on as it is. */
function failing<T>(outcome: Outcome, work: () => T): T {
  const fail = (cause: unknown): never => {
    if (!isControlFlow(cause)) outcome.fail();
    throw cause;
  };
  try {
    const result = work();
    return result instanceof Promise ? (result.catch(fail) as T) : result;
  } catch (cause) {
    return fail(cause);
  }
}

/** Next.js throws to redirect, and to say that there is nothing: `digest` begins with `NEXT_`. */
function isControlFlow(cause: unknown): boolean {
  return String(Object(cause).digest).startsWith("NEXT_");
}

/**
 * A listener for `createServer` of `node:http`, each request in a scope of its own.
 *
 * @example
 * createServer(watchListener(telltale, (request, response) => void response.end("hello")));
 */
export function watchListener<Q extends IncomingMessage, S extends ServerResponse, T>(
  watched: Watched,
  listener: (request: Q, response: S) => T,
): (request: Q, response: S) => T {
  return (request, response) =>
    watched.scope(() => failing(followResponse(watched, response), () => listener(request, response)));
}

/**
 * Middleware for Express and Connect, before all others that evaluate flags.
 *
 * @example
 * app.use(watchConnect(telltale));
 */
export function watchConnect(
  watched: Watched,
): (request: IncomingMessage, response: ServerResponse, next: () => void) => void {
  return (_request, response, next) => watched.scope(() => failing(followResponse(watched, response), next));
}

/** What a plug-in needs of Fastify. */
interface FastifyLike {
  addHook(
    name: "onRequest",
    hook: (request: object, reply: { raw: ServerResponse }, done: () => void) => void,
  ): unknown;
}

/**
 * A plug-in for Fastify, for all routes of the instance that it is registered with.
 *
 * @example
 * await app.register(watchFastify(telltale));
 */
export function watchFastify(watched: Watched): (app: FastifyLike, options: unknown, done: () => void) => void {
  const plugin = (app: FastifyLike, _options: unknown, done: () => void): void => {
    app.addHook("onRequest", (_request, reply, go) => {
      watched.scope(() => {
        followResponse(watched, reply.raw);
        go();
      });
    });
    done();
  };
  // Not only for the routes of a plug-in of its own.
  return Object.assign(plugin, { [Symbol.for("skip-override")]: true });
}

/**
 * Middleware for Hono, in Node.
 *
 * @example
 * app.use(watchHono(telltale));
 */
export function watchHono(
  watched: Watched,
): (context: { res: { status: number } }, next: () => Promise<void>) => Promise<void> {
  return (context, next) =>
    watched.scope(async () => {
      const outcome = followRequest(watched);
      await failing(outcome, next);
      outcome.end(context.res.status);
    });
}

/**
 * A route handler of Next.js, each request in a scope of its own; redirects and `notFound()` are no failures.
 *
 * @example
 * export const GET = watchRoute(telltale, async (request: Request) => Response.json({ ok: true }));
 */
export function watchRoute<A extends unknown[], R extends { status: number }>(
  watched: Watched,
  handler: (...given: A) => R | Promise<R>,
): (...given: A) => Promise<R> {
  return (...given) =>
    watched.scope(async () => {
      const outcome = followRequest(watched);
      const response = await failing(outcome, async () => handler(...given));
      outcome.end(response.status);
      return response;
    });
}
