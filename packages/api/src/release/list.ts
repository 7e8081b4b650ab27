import { inProject, listReleases, releaseList } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

/** A project's releases, newest first; those of a flag, and those that are not over or those that are, where asked. */
export const list = projectProcedure
  .input(inProject.extend({ flag: z.string().max(100).optional(), isOpen: z.boolean().optional() }))
  .output(releaseList)
  .query(({ ctx, input }) => listReleases(ctx.database, ctx.actor, input));
