import { getProject, inProject } from "@telltale/control";
import { z } from "zod";
import { procedure } from "../trpc.ts";

/** What the edge that answers holds and the event store does not have yet, of all projects. */
export const waiting = procedure
  .input(inProject)
  .output(
    z.discriminatedUnion("known", [
      z.object({ known: z.literal(true), events: z.number(), spoolBytes: z.number() }),
      z.object({ known: z.literal(false), reason: z.string() }),
    ]),
  )
  .query(async ({ ctx, input }) => {
    await getProject(ctx.database, ctx.actor, input);
    return ctx.edge.waiting();
  });
