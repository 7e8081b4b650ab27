import { z } from "zod";
import { sessionProcedure } from "../trpc.ts";

const project = z.object({ address: z.string(), key: z.string(), name: z.string() });

const organisation = z.object({
  key: z.string(),
  name: z.string(),
  role: z.enum(["owner", "viewer"]),
  projects: z.array(project),
});

/** Who is signed in, in which organisations as what, and the projects to choose from; null where the person is gone. */
export const me = sessionProcedure
  .input(z.void())
  .output(
    z
      .object({
        user: z.object({ id: z.string(), name: z.string(), email: z.string() }),
        organisations: z.array(organisation),
      })
      .nullable(),
  )
  .query(({ ctx }) => ctx.membership());
