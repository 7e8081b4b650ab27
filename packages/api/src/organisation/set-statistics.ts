import { statisticalSettingsSchema } from "@telltale/analysis";
import { setStatistics as set } from "@telltale/control";
import { z } from "zod";
import { inOrganisation, revision } from "../shapes.ts";
import { organisationProcedure } from "../trpc.ts";

/** Sets how results are judged from now on. Experiments that have started keep what they started with. */
export const setStatistics = organisationProcedure
  .input(
    inOrganisation.extend({
      settings: statisticalSettingsSchema,
      expectedRevision: revision,
    }),
  )
  .output(z.object({ revision: z.number(), sentence: z.string(), running: z.number() }))
  .mutation(({ ctx, input }) => set(ctx.database, ctx.actor, input));
