import { statisticalSettingsSchema } from "@telltale/analysis";
import { getStatistics, inOrganisation } from "@telltale/control";
import { z } from "zod";
import { organisationProcedure } from "../trpc.ts";

/** How an organisation's results are judged. */
export const statistics = organisationProcedure
  .input(inOrganisation)
  .output(
    z.object({
      settings: statisticalSettingsSchema,
      /** What counts where an organisation sets nothing. */
      defaults: statisticalSettingsSchema,
      revision: z.number(),
    }),
  )
  .query(({ ctx, input }) => getStatistics(ctx.database, ctx.actor, input));
