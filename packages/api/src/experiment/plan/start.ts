import {
  ControlError,
  type ExperimentPlan,
  experimentChange,
  experimentRevised,
  getPlan,
  startExperiment,
} from "@telltale/control";
import type { Context } from "../../trpc.ts";
import { projectProcedure } from "../../trpc.ts";
import { type FrozenHistory, needsHistory, readHistories } from "./histories.ts";

/**
 * Starts an experiment; its analysis plan is frozen, with what the event store knows of its metrics' past. Where the
 * store cannot be asked it starts all the same, unless a metric has nothing else that bounds its values.
 */
export const start = projectProcedure
  .input(experimentChange)
  .output(experimentRevised)
  .mutation(async ({ ctx, input }) => {
    const planned = await getPlan(ctx.database, ctx.actor, input);
    const known = planned.startedAt === null ? await knownHistories(ctx, planned) : {};
    const histories = Object.fromEntries(Object.entries(known).map(([key, own]) => [key, own?.frozen ?? null]));
    return startExperiment(ctx.database, ctx.actor, { ...input, histories }, ctx);
  });

async function knownHistories(ctx: Context, planned: ExperimentPlan): Promise<Record<string, FrozenHistory | null>> {
  const waiting = planned.plan.metrics.filter(needsHistory);
  if (waiting.length === 0) return {};
  try {
    return await readHistories(ctx.events, planned, new Date());
  } catch (error) {
    ctx.onError(error);
    const names = waiting.map(({ name }) => name).join(", ");
    throw new ControlError(
      "INVALID",
      `The event store cannot be asked how far values of ${names} reach, and without that nothing could be decided before the planned end. Try again when the store answers, or give the metric a cap ("at").`,
    );
  }
}
