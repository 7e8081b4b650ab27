import { findUnstorable } from "@telltale/configuration";
import {
  type Actor,
  type Command,
  ControlError,
  type Database,
  findEnvironment,
  getMembership,
  inItsEnvironment,
  inOrganisation,
  inProject,
  openOrganisation,
  openProject,
} from "@telltale/control";
import type { EventStore } from "@telltale/events";
import { initTRPC, TRPCError } from "@trpc/server";
import type { z } from "zod";
import type { EdgeMonitor } from "./edge.ts";
import { toPublic, toTransport } from "./errors.ts";
import { transformer } from "./transformer.ts";

/** What every procedure is called with. */
export interface Context {
  database: Database;
  events: EventStore;
  edge: EdgeMonitor;
  /** Who asks: a signed-in person, or the sender of a token; null before sign-in. */
  actor: Actor | null;
  /** Why the token that was sent opens nothing; null where none was sent, or it is good. */
  refused: string | null;
  /** Names the request in the answer, in the log and in the audit trail. */
  requestId: string;
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

/** For known actors: signed-in people and tokens. What they may do is decided in the door, by `ctx.actor`. */
const signedIn = t.procedure.use(async ({ ctx, next }) => {
  const { actor, refused } = ctx;
  if (!actor) throw signedOut(refused ?? "You are signed out. Sign in and try again.");
  const result = await next({ ctx: { ...ctx, actor } });
  if (result.ok) return result;
  if (result.error.cause instanceof ControlError) throw toTransport(result.error.cause);
  if (result.error.code === "INTERNAL_SERVER_ERROR") ctx.onError(result.error.cause ?? result.error);
  return result;
});

function signedOut(message: string): TRPCError {
  return new TRPCError({ code: "UNAUTHORIZED", message });
}

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
  const { actor } = ctx;
  if (actor.kind !== "user") throw signedOut("A token is nobody's session. Sign in and try again.");
  const membership = () => getMembership(ctx.database, actor.userId);
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
  return next({ ctx: { environment: findEnvironment(ctx.project, input.environment) } });
});

/** A command as a procedure: its schemas are the procedure's, and the door does the rest. */
export function fromCommand<S extends z.ZodType, O extends z.ZodType>(command: Command<S, O>) {
  const { input, output } = command.command;
  // tRPC's types of a generic schema are open until it is known; the command's own are the same.
  return storable
    .input(input)
    .output(output)
    .mutation(({ ctx, input: given }) => command(ctx.database, ctx.actor, given as never, ctx) as Promise<never>);
}

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
