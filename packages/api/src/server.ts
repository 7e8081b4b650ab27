import { type Database, findToken, getMembership, isReachable, openDatabase, openSignIn } from "@telltale/control";
import { openEventStore } from "@telltale/events";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { openEdgeMonitor } from "./edge.ts";
import { openHealth } from "./health.ts";
import { REQUEST_ID_HEADER, readRequestId } from "./request-id.ts";
import { appRouter } from "./router.ts";
import { type Context, callerFactory } from "./trpc.ts";

export { RESERVED_KEYS } from "@telltale/control";

/** Every procedure by its name, for tests that try them all. */
export const procedures: readonly { name: string; isMutation: boolean }[] = Object.entries(
  appRouter._def.record,
).flatMap(([noun, verbs]) =>
  Object.entries(verbs).map(([verb, { _def }]) => ({ name: `${noun}.${verb}`, isMutation: _def.type === "mutation" })),
);

export interface BackendOptions {
  databaseUrl: string;
  clickhouseUrl: string;
  /** Signs the session cookies; at least 32 random characters. */
  authSecret: string;
  /** Where people open the dashboard. */
  publicUrl: string;
  /** Further origins of the dashboard itself, like `http://127.0.0.1:4400`. */
  origins?: readonly string[];
  /** The address SDKs ask: an edge, or a balancer before several. */
  edgeUrl: string;
  /** The edge's METRICS_TOKEN, where it has one. */
  metricsToken?: string | undefined;
  /** Told about errors nobody expected (default: standard error). */
  onError?: (error: unknown) => void;
  /** Told what sign-in has to say. */
  log?: (level: "debug" | "info" | "warn" | "error", message: string) => void;
}

export type Backend = ReturnType<typeof createBackend>;

/** The server side of the dashboard, on web-standard requests: tRPC, sign-in and the session. Make one a process. */
export function createBackend(options: BackendOptions) {
  const database = openDatabase(options.databaseUrl);
  const events = openEventStore({ url: options.clickhouseUrl });
  const edge = openEdgeMonitor({ url: options.edgeUrl, metricsToken: options.metricsToken });
  const { authSecret: secret, publicUrl, origins, log } = options;
  const signIn = openSignIn(database, { secret, publicUrl, ...(origins && { origins }), ...(log && { log }) });
  const onError = options.onError ?? ((error: unknown) => process.stderr.write(`${String(error)}\n`));

  const context = async (headers: Headers, requestId = readRequestId(headers)): Promise<Context> => {
    const parts = { database, events, edge, requestId, onError };
    const secret = readBearer(headers);
    if (secret !== null) return { ...parts, ...(await whoSends(database, secret)) };
    const session = await signIn.api.getSession({ headers });
    const actor = session && ({ kind: "user", userId: session.user.id } as const);
    return { ...parts, actor, refused: null };
  };
  const lookAtParts = openHealth({ database, events, edge });
  const createCaller = callerFactory(appRouter);

  return {
    /** Answers everything under /api/trpc. */
    trpc: async (request: Request): Promise<Response> => {
      const requestId = readRequestId(request.headers);
      const answer = await fetchRequestHandler({
        endpoint: "/api/trpc",
        req: request,
        router: appRouter,
        createContext: () => context(request.headers, requestId),
        onError: ({ error }) => {
          if (error.code === "INTERNAL_SERVER_ERROR") onError(error.cause ?? error);
        },
      });
      answer.headers.set(REQUEST_ID_HEADER, requestId);
      return answer;
    },
    /** Answers everything under /api/auth. */
    auth: (request: Request): Promise<Response> => signIn.handler(request),
    /** Who is signed in, with role and projects; null when nobody is. */
    session: async (headers: Headers) => {
      const { actor } = await context(headers);
      return actor?.kind === "user" ? getMembership(database, actor.userId) : null;
    },
    /** The API without HTTP, for server-rendered pages. */
    caller: async (headers: Headers) => createCaller(await context(headers)),
    /** What is away now, for those who are signed in; who that is cannot be asked of a database that is away. */
    down: async (headers: Headers) => {
      const down = await lookAtParts();
      if (down.includes("database")) return down;
      return (await context(headers)).actor ? down : null;
    },
    /** Whether both databases answer. */
    ready: async () => (await Promise.all([isReachable(database), events.ping()])).every(Boolean),
  };
}

/** The token of an `Authorization: Bearer` header; null where there is no such header. */
function readBearer(headers: Headers): string | null {
  const [scheme = "", secret = ""] = (headers.get("authorization") ?? "").trim().split(/\s+/, 2);
  return scheme.toLowerCase() === "bearer" ? secret : null;
}

/** Who sends a token, or why it opens nothing. A token that was sent counts alone: no cookie stands in for it. */
async function whoSends(database: Database, secret: string): Promise<Pick<Context, "actor" | "refused">> {
  const found = await findToken(database, secret);
  if (found.state === "valid") return { actor: found.actor, refused: null };
  const what =
    found.state === "unknown" ? "is not known here" : found.state === "expired" ? "has expired" : "was revoked";
  return { actor: null, refused: `The token ${what}. Create another one, and send that.` };
}
