import { type Actor, ControlError, type Database } from "@telltale/control";
import type { EventStore } from "@telltale/events";
import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import type { Edge } from "./edge.ts";
import { toPublic, toTransport } from "./errors.ts";

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
  transformer: superjson,
  errorFormatter({ shape, error, input }) {
    const telltale = toPublic(error, input);
    const { code, httpStatus, path } = shape.data;
    return { ...shape, message: telltale.message, data: { code, httpStatus, path, telltale } };
  },
});

export const router = t.router;
export const callerFactory = t.createCallerFactory;

/** A procedure for signed-in users. What they may do is decided in the door, by `ctx.actor`. */
export const procedure = t.procedure.use(async ({ ctx, next }) => {
  if (!ctx.userId) throw new TRPCError({ code: "UNAUTHORIZED", message: "You are signed out. Sign in and try again." });
  const actor: Actor = { kind: "user", userId: ctx.userId };
  const result = await next({ ctx: { ...ctx, actor } });
  if (result.ok) return result;
  if (result.error.cause instanceof ControlError) throw toTransport(result.error.cause);
  if (result.error.code === "INTERNAL_SERVER_ERROR") ctx.onError(result.error.cause ?? result.error);
  return result;
});
