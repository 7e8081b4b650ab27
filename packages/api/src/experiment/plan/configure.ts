import { settingsOverrideSchema } from "@telltale/analysis";
import { configureExperiment } from "@telltale/control";
import { description } from "../../shapes.ts";
import { projectProcedure } from "../../trpc.ts";
import { chosenMetrics, experimentChange, experimentRevised, plannedUnits } from "../shapes.ts";

/** Changes how a draft's results will be read; what is not named stays. Refused once it has started. */
export const configure = projectProcedure
  .input(
    experimentChange.extend({
      hypothesis: description.optional(),
      metrics: chosenMetrics.optional(),
      settings: settingsOverrideSchema.optional(),
      plannedUnits: plannedUnits.optional(),
    }),
  )
  .output(experimentRevised)
  .mutation(({ ctx, input }) => configureExperiment(ctx.database, ctx.actor, input));
