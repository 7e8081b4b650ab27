import { inProject } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

/** What the edge that answers holds and the event store does not have yet, of all projects. */
export const waiting = projectProcedure
  .input(inProject)
  .output(
    z.discriminatedUnion("known", [
      z.object({ known: z.literal(true), events: z.number(), spoolBytes: z.number() }),
      z.object({ known: z.literal(false), reason: z.string() }),
    ]),
  )
  .query(({ ctx }) => ctx.edge.waiting());
