import { changeList, inProject, listChanges } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

/** A project's change-sets, newest first; those that may still be applied, those that may not, or all. */
export const list = projectProcedure
  .input(inProject.extend({ isOpen: z.boolean().optional(), limit: z.int().min(1).max(500).optional() }))
  .output(changeList)
  .query(({ ctx, input }) => listChanges(ctx.database, ctx.actor, input));
