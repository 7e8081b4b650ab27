import { inProject, listKeys } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

const key = z.object({
  id: z.string(),
  environment: z.string(),
  name: z.string(),
  audience: z.enum(["server", "client"]),
  hint: z.string(),
  origins: z.array(z.string()),
  createdAt: z.date(),
  revokedAt: z.date().nullable(),
});

/** SDK keys of a project, without the keys themselves. */
export const list = projectProcedure
  .input(inProject)
  .output(z.array(key))
  .query(({ ctx, input }) => listKeys(ctx.database, ctx.actor, input));
