import { actionSchema } from "@telltale/access";
import { describeMemberAccess, memberInProject } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

/** Null: they may not. */
const by = z.object({ role: z.string(), team: z.string().nullable() }).nullable();

/** What a person may do in a project, and by which role: one place for each environment, or one for all of it (null). */
export const access = projectProcedure
  .input(memberInProject)
  .output(
    z.object({
      userId: z.string(),
      name: z.string(),
      actions: z.array(
        z.object({
          action: actionSchema,
          phrase: z.string(),
          on: z.enum(["organisation", "project", "environment"]),
          places: z.array(z.object({ environment: z.string().nullable(), by })),
        }),
      ),
    }),
  )
  .query(({ ctx, input }) => describeMemberAccess(ctx.database, ctx.actor, input));
