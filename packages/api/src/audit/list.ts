import { inProject, listAudit } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

const item = z.object({
  id: z.string(),
  object: z.string(),
  objectKey: z.string(),
  environment: z.string().nullable(),
  action: z.string(),
  sentence: z.string(),
  comment: z.string(),
  /** As it was then. */
  actorName: z.string(),
  /** As it is now, where that is another one. */
  actorNameNow: z.string().nullable(),
  at: z.date(),
});

/** Who changed what, newest first; `before` is the `next` of the page before. */
export const list = projectProcedure
  .input(
    inProject.extend({
      before: z
        .string()
        .regex(/^\d{1,18}$/)
        .optional(),
      limit: z.int().min(1).max(500).optional(),
      /** One object's only: its kind, such as `experiment`, and key. */
      of: z.object({ object: z.string().max(50), key: z.string().max(100) }).optional(),
    }),
  )
  .output(z.object({ items: z.array(item), next: z.string().nullable() }))
  .query(({ ctx, input }) => listAudit(ctx.database, ctx.actor, input));
