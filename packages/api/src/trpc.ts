import { findUnstorable } from "@telltale/configuration";
import {
  type Actor,
  ControlError,
  type Database,
  environmentOf,
  getMembership,
  openOrganisation,
  openProject,
} from "@telltale/control";
import type { EventStore } from "@telltale/events";
import { initTRPC, TRPCError } from "@trpc/server";
import type { Edge } from "./edge.ts";
import { toPublic, toTransport } from "./errors.ts";
import { inItsEnvironment, inOrganisation, inProject } from "./shapes.ts";
import { transformer } from "./transformer.ts";

/** What every procedure is called with. */
export interface Context {
  database: Database;
  events: EventStore;
  edge: Edge;
  /** The signed-in user; null before sign-in. */
  userId: string | null;
  /** Told about errors nobody expected. */
  onError(error: unknown): void;
}

const t = initTRPC.context<Context>().create({
  transformer,
  errorFormatter({ shape, error, input }) {
    const telltale = toPublic(error, input);
    const { code, httpStatus, path } = shape.data;
    return { ...shape, message: telltale.message, data: { code, httpStatus, path, telltale } };
  },
});

export const router = t.router;
export const callerFactory = t.createCallerFactory;

/** For signed-in people. What they may do is decided in the door, by `ctx.actor`. */
const signedIn = t.procedure.use(async ({ ctx, next }) => {
  if (!ctx.userId) throw new TRPCError({ code: "UNAUTHORIZED", message: "You are signed out. Sign in and try again." });
  const actor: Actor & { kind: "user" } = { kind: "user", userId: ctx.userId };
  const result = await next({ ctx: { ...ctx, actor } });
  if (result.ok) return result;
  if (result.error.cause instanceof ControlError) throw toTransport(result.error.cause);
  if (result.error.code === "INTERNAL_SERVER_ERROR") ctx.onError(result.error.cause ?? result.error);
  return result;
});

/** The one place that refuses what no database stores, before any schema walks through it: for all inputs. */
const storable = signedIn.use(async ({ getRawInput, next }) => {
  const found = findUnstorable(await readInput(getRawInput));
  if (found) throw badInput(`${found.path.join(".") || "The input"} ${found.problem}`);
  return next();
});

/**
 * A procedure of the session itself. It reaches no database, no event store and no edge: those are behind an opened
 * organisation or project, so that a procedure that forgets to open one does not compile.
 */
export const sessionProcedure = storable.use(({ ctx, next }) => {
  const membership = () => getMembership(ctx.database, ctx.actor.userId);
  return next({ ctx: { membership, database: undefined, events: undefined, edge: undefined } });
});

/** A procedure in an organisation: it is opened for reading before anything else, as `ctx.organisation`. */
export const organisationProcedure = storable.input(inOrganisation).use(async ({ ctx, input, next }) => {
  const organisation = await openOrganisation(ctx.database, ctx.actor, input.organisation);
  return next({ ctx: { organisation, events: undefined, edge: undefined } });
});

/**
 * A procedure in a project: it is opened for reading before anything else, as `ctx.project`. Who may not read it gets
 * NOT_FOUND, whatever else the input says.
 */
export const projectProcedure = storable.input(inProject).use(async ({ ctx, input, next }) => {
  const project = await openProject(ctx.database, ctx.actor, input.project);
  return next({ ctx: { project } });
});

/** A procedure in an environment of a project: both are opened, as `ctx.project` and `ctx.environment`. */
export const environmentProcedure = projectProcedure.input(inItsEnvironment).use(({ ctx, input, next }) => {
  return next({ ctx: { environment: environmentOf(ctx.project, input.environment) } });
});

/** @throws TRPCError BAD_REQUEST where the text that was sent is no input at all */
async function readInput(read: () => Promise<unknown>): Promise<unknown> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof TRPCError) throw cause;
    throw badInput("The input cannot be read. Send it as JSON.", cause);
  }
}

function badInput(message: string, cause?: unknown): TRPCError {
  return new TRPCError({ code: "BAD_REQUEST", message, ...(cause === undefined ? {} : { cause }) });
}
