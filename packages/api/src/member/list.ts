import { inOrganisation, listMembers } from "@telltale/control";
import { z } from "zod";
import { organisationProcedure } from "../trpc.ts";

/** Roles with where they hold; null: in all of what is around. */
const roles = z.array(
  z.object({ role: z.string(), project: z.string().nullable(), environment: z.string().nullable() }),
);

/** The people of an organisation, its teams and its own roles. */
export const list = organisationProcedure
  .input(inOrganisation)
  .output(
    z.object({
      members: z.array(
        z.object({ userId: z.string(), name: z.string(), email: z.string(), createdAt: z.date(), roles }),
      ),
      teams: z.array(z.object({ key: z.string(), name: z.string(), userIds: z.array(z.string()), roles })),
      roles: z.array(z.object({ key: z.string(), name: z.string(), actions: z.array(z.string()) })),
    }),
  )
  .query(({ ctx, input }) => listMembers(ctx.database, ctx.actor, input));
