import { configurationSchema } from "@telltale/configuration";
import { flagType, getFlag, inFlag, visibility } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

const environment = z.object({
  key: z.string(),
  name: z.string(),
  critical: z.boolean(),
  revision: z.number(),
  config: configurationSchema,
  updatedAt: z.date(),
});

const experiment = z.object({
  key: z.string(),
  name: z.string(),
  status: z.enum(["draft", "running", "ended"]),
  environment: z.string(),
});

/** One flag with its configuration in each environment. */
export const get = projectProcedure
  .input(inFlag)
  .output(
    z.object({
      key: z.string(),
      name: z.string(),
      type: flagType,
      description: z.string(),
      visibility,
      createdAt: z.date(),
      archivedAt: z.date().nullable(),
      /** The team that owns it. */
      owner: z.object({ key: z.string(), name: z.string() }).nullable(),
      variants: z.array(z.object({ key: z.string(), value: z.json() })),
      environments: z.array(environment),
      experiments: z.array(experiment),
    }),
  )
  .query(({ ctx, input }) => getFlag(ctx.database, ctx.actor, input));
