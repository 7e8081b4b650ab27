import { statisticalSettingsSchema } from "@telltale/analysis";
import { getStatistics, keySchema } from "@telltale/control";
import { z } from "zod";
import { procedure } from "../trpc.ts";

/** How an organisation's results are judged. */
export const statistics = procedure
  .input(z.object({ organisation: keySchema }))
  .output(
    z.object({
      settings: statisticalSettingsSchema,
      /** What counts where an organisation sets nothing. */
      defaults: statisticalSettingsSchema,
      revision: z.number(),
    }),
  )
  .query(({ ctx, input }) => getStatistics(ctx.database, ctx.actor, input));
