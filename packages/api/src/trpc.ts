import { findUnstorable } from "@telltale/configuration";
import { type Actor, type Command, ControlError, type Database } from "@telltale/control";
import type { EventStore } from "@telltale/events";
import { initTRPC, TRPCError } from "@trpc/server";
import type { z } from "zod";
import type { Edge } from "./edge.ts";
import { toPublic, toTransport } from "./errors.ts";
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

/** A procedure for signed-in users. What they may do is decided in the door, by `ctx.actor`. */
const signedIn = t.procedure.use(async ({ ctx, next }) => {
  if (!ctx.userId) throw new TRPCError({ code: "UNAUTHORIZED", message: "You are signed out. Sign in and try again." });
  const actor: Actor = { kind: "user", userId: ctx.userId };
  const result = await next({ ctx: { ...ctx, actor } });
  if (result.ok) return result;
  if (result.error.cause instanceof ControlError) throw toTransport(result.error.cause);
  if (result.error.code === "INTERNAL_SERVER_ERROR") ctx.onError(result.error.cause ?? result.error);
  return result;
});

/** The one place that refuses what no database stores, before any schema walks through it: for all inputs. */
export const procedure = signedIn.use(async ({ getRawInput, next }) => {
  const found = findUnstorable(await readInput(getRawInput));
  if (found) throw badInput(`${found.path.join(".") || "The input"} ${found.problem}`);
  return next();
});

/** A command as a procedure: its schemas are the procedure's, and the door does the rest. */
export function fromCommand<S extends z.ZodType, O extends z.ZodType>(command: Command<S, O>) {
  const { input, output } = command.command;
  // tRPC's types of a generic schema are open until it is known; the command's own are the same.
  return procedure
    .input(input)
    .output(output)
    .mutation(({ ctx, input: given }) => command(ctx.database, ctx.actor, given as never) as Promise<never>);
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
