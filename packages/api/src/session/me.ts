import { ControlError, getMembership } from "@telltale/control";
import { z } from "zod";
import { procedure } from "../trpc.ts";

const keyed = z.object({ key: z.string(), name: z.string() });

/** Who is signed in, as what, and the projects to choose from. */
export const me = procedure
  .input(z.void())
  .output(
    z.object({
      user: z.object({ id: z.string(), name: z.string(), email: z.string() }),
      role: z.enum(["owner", "viewer"]),
      organisation: keyed,
      projects: z.array(keyed),
    }),
  )
  .query(async ({ ctx }) => {
    const membership = await getMembership(ctx.database, ctx.actor.kind === "user" ? ctx.actor.userId : "");
    if (membership) return membership;
    throw new ControlError("FORBIDDEN", "You are not a member of any organisation. Ask one of its owners to add you.");
  });
