import { revokeKey as revoke } from "@telltale/control";
import { z } from "zod";
import { inProject } from "../shapes.ts";
import { projectProcedure } from "../trpc.ts";

/** Revokes an SDK key: edges refuse it from now on. */
export const revokeKey = projectProcedure
  .input(inProject.extend({ id: z.string() }))
  .output(z.object({ id: z.string() }))
  .mutation(({ ctx, input }) => revoke(ctx.database, ctx.actor, input));
