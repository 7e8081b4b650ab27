import { analysisSchema, statisticalSettingsSchema } from "@telltale/analysis";
import { getResults, inExperiment } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";
import { isWanted, readRun } from "./reading.ts";
import { snapshotId } from "./shapes.ts";

const { method, alpha, correct } = statisticalSettingsSchema.shape;
const known = z.date().nullable();

const results = z.object({
  /** The snapshot that these numbers are of; null before the first. */
  snapshot: z.string().nullable(),
  /** Null before the first snapshot, and of one that an older engine wrote in a shape that is read no more. */
  analysis: analysisSchema.nullable(),
  createdAt: known,
  /** Data up to here are in it; of the newest snapshot: nothing that changes it has come until then. */
  dataTo: known,
  /** What computed these numbers. */
  engine: z.string().nullable(),
  /** When the worker looked last whether there are new events. */
  checkedAt: known,
  /** Whether an older engine computed them. */
  isOutdated: z.boolean(),
  /** Whether there is no newer snapshot. */
  isNewest: z.boolean(),
  /** Why the last run failed. */
  problem: z.string().nullable(),
  /** The newest by the attribute that was asked for; null where there is none yet. */
  breakdown: z
    .object({
      snapshot: z.string(),
      createdAt: z.date(),
      dataTo: z.date(),
      engine: z.string(),
      isOutdated: z.boolean(),
      found: analysisSchema.shape.breakdown,
    })
    .nullable(),
});

/**
 * What the newest snapshot says, or a named one. With other settings than the planned ones it is computed from the
 * snapshot's moments: such numbers are for looking only, and the verdict stays the plan's.
 */
export const resultsOf = projectProcedure
  .input(
    inExperiment.extend({
      snapshot: snapshotId.optional(),
      breakdown: z.string().min(1).max(100).optional(),
      method: method.optional(),
      alpha: alpha.optional(),
      correct: correct.optional(),
      /** False: not adjusted by what was before exposure. */
      cuped: z.boolean().optional(),
    }),
  )
  .output(results)
  .query(async ({ ctx, input }) => {
    const { project, experiment, snapshot, breakdown, ...wanted } = input;
    const address = { project, experiment, snapshot, breakdown, withInputs: isWanted(wanted) };
    const stored = await getResults(ctx.database, ctx.actor, address);
    const run = stored.run && readRun(stored.run, wanted);
    const broken = stored.breakdown && readRun(stored.breakdown, wanted);
    const { state, isNewest } = stored;
    return {
      snapshot: run?.snapshot ?? null,
      analysis: run?.analysis ?? null,
      createdAt: run?.createdAt ?? null,
      dataTo:
        run && isNewest && stored.run?.breakdown === null ? later(run.dataTo, state.dataTo) : (run?.dataTo ?? null),
      engine: run?.engine ?? null,
      checkedAt: state.newsCheckedAt,
      isOutdated: run?.isOutdated ?? false,
      isNewest,
      problem: state.problem,
      breakdown: broken?.analysis ? { ...broken, found: broken.analysis.breakdown } : null,
    };
  });

function later(a: Date, b: Date | null): Date {
  return b !== null && b > a ? b : a;
}
