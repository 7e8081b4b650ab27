import { statisticalSettingsSchema } from "@telltale/analysis";
import { keySchema, setStatistics as set } from "@telltale/control";
import { z } from "zod";
import { revision } from "../shapes.ts";
import { procedure } from "../trpc.ts";

/** Sets how results are judged from now on. Experiments that have started keep what they started with. */
export const setStatistics = procedure
  .input(
    z.object({
      organisation: keySchema,
      settings: statisticalSettingsSchema,
      expectedRevision: revision,
    }),
  )
  .output(z.object({ revision: z.number(), sentence: z.string(), running: z.number() }))
  .mutation(({ ctx, input }) => set(ctx.database, ctx.actor, input));
