import { noteExperiment } from "@telltale/control";
import { z } from "zod";
import { onlyKey } from "../shapes.ts";
import { projectProcedure } from "../trpc.ts";
import { inExperiment } from "./shapes.ts";

/** Writes a note into an experiment's log, which `audit.list` reads. */
export const note = projectProcedure
  .input(inExperiment.extend({ note: z.string().max(2_000, "A note has at most 2,000 letters.") }))
  .output(onlyKey)
  .mutation(({ ctx, input }) => noteExperiment(ctx.database, ctx.actor, input));
