import { inOrganisation, listTokens } from "@telltale/control";
import { z } from "zod";
import { organisationProcedure } from "../trpc.ts";

const token = z.object({
  id: z.string(),
  kind: z.enum(["personal", "service"]),
  name: z.string(),
  /** What people may see of the secret. */
  hint: z.string(),
  /** Whose it is; null for a service token. */
  userId: z.string().nullable(),
  createdAt: z.date(),
  expiresAt: z.date().nullable(),
  lastUsedAt: z.date().nullable(),
  revokedAt: z.date().nullable(),
});

/** Tokens without their secrets, the newest first: all for who may revoke them, else one's own. */
export const list = organisationProcedure
  .input(inOrganisation)
  .output(z.array(token))
  .query(({ ctx, input }) => listTokens(ctx.database, ctx.actor, input));
