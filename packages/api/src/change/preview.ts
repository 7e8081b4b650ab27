import { previewCommands, previewed, previewInput } from "@telltale/control";
import { projectProcedure } from "../trpc.ts";

/** What commands would do, whom they would reach and what stands in their way; sent like a change, and nothing stays. */
export const preview = projectProcedure
  .input(previewInput)
  .output(previewed)
  .mutation(({ ctx, input }) => previewCommands(ctx.database, ctx.actor, input));
