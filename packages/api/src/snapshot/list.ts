import { inExperiment, listSnapshots } from "@telltale/control";
import { z } from "zod";
import { snapshotId } from "../experiment/shapes.ts";
import { projectProcedure } from "../trpc.ts";

const line = z.object({
  id: z.string(),
  createdAt: z.date(),
  dataTo: z.date(),
  engine: z.string(),
  breakdown: z.string().nullable(),
  people: z.number().nullable(),
  /** Code of its verdict, as the engine wrote it. */
  verdict: z.string().nullable(),
});

/** An experiment's snapshots, newest first; `before` is the `next` of the page before. */
export const list = projectProcedure
  .input(inExperiment.extend({ before: snapshotId.optional(), limit: z.int().min(1).max(200).optional() }))
  .output(z.object({ items: z.array(line), next: z.string().nullable() }))
  .query(({ ctx, input }) => listSnapshots(ctx.database, ctx.actor, input));
