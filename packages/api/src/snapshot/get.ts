import { inExperiment, readSnapshot } from "@telltale/control";
import { z } from "zod";
import { snapshotId } from "../experiment/shapes.ts";
import { projectProcedure } from "../trpc.ts";

/** One snapshot as it was stored: inputs with moments, the query's text and parameters, and the result. */
export const get = projectProcedure
  .input(inExperiment.extend({ snapshot: snapshotId }))
  .output(
    z.object({
      id: z.string(),
      createdAt: z.date(),
      dataTo: z.date(),
      engine: z.string(),
      breakdown: z.string().nullable(),
      digest: z.string(),
      inputs: z.unknown(),
      result: z.unknown(),
    }),
  )
  .query(async ({ ctx, input }) => {
    const { stored, ...snapshot } = await readSnapshot(ctx.database, ctx.actor, input);
    return { ...snapshot, ...stored };
  });
