import { inProject } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

const WINDOW_MS = 3_600_000;

/** Milliseconds that half and 99 of 100 events took at most. */
const lagMs = z.object({ p50: z.number(), p99: z.number() });

const environment = z.object({
  environment: z.string(),
  /** Null when no event came. */
  lag: z.object({ events: z.number(), toReceived: lagMs, toStored: lagMs, newest: z.string() }).nullable(),
});

/** How long the events of the last hour took to an edge, and from there into the store, by environment. */
export const lag = projectProcedure
  .input(inProject)
  .output(z.object({ asOf: z.date(), environments: z.array(environment) }))
  .query(async ({ ctx }) => {
    const asOf = new Date();
    const from = new Date(asOf.getTime() - WINDOW_MS);
    const lags = ctx.project.environments.map(async ({ id, key }) => ({
      environment: key,
      lag: (await ctx.events.ingestionLag({ environmentId: id, from })) ?? null,
    }));
    return { asOf, environments: await Promise.all(lags) };
  });
