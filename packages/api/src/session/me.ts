import { actionSchema } from "@telltale/access";
import { z } from "zod";
import { sessionProcedure } from "../trpc.ts";

/** What the person may do there. */
const actions = z.array(actionSchema);

const project = z.object({
  address: z.string(),
  key: z.string(),
  name: z.string(),
  actions,
  environments: z.array(z.object({ key: z.string(), actions })),
});

const organisation = z.object({
  key: z.string(),
  name: z.string(),
  /** Their built-in role on the whole organisation, for people; null where they have one in parts of it only. */
  role: z.string().nullable(),
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
