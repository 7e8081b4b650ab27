import { inProject, listLayers } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

const slot = z.object({ key: z.string(), from: z.number(), to: z.number() });
const layer = z.object({
  key: z.string(),
  name: z.string(),
  unit: z.string(),
  environments: z.array(z.object({ key: z.string(), free: z.number(), experiments: z.array(slot) })),
});

/** Layers with what runs in them and how much of the line is free, parts of 100,000. */
export const list = projectProcedure
  .input(inProject)
  .output(z.array(layer))
  .query(({ ctx, input }) => listLayers(ctx.database, ctx.actor, input));
