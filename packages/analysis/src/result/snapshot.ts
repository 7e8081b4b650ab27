import type { ExperimentMoments } from "@telltale/events";
import { z } from "zod";
import { analysisPlanSchema } from "../plan/plan.ts";

const time = z.iso.datetime();

/** All that an analysis is a function of: kept with the snapshot, so that it can be computed again to the same bytes. */
export const analysisInputsSchema = z.object({
  plan: analysisPlanSchema,
  status: z.enum(["running", "ended"]),
  /** Exposures and events of this time were asked for; `to` is the data-to time. */
  window: z.object({ from: time, to: time }),
  stepSeconds: z.int().min(1),
  /** The attribute it is broken down by; null for none. */
  breakdown: z.string().nullable(),
  /**
   * By metric key, then treatment: the variance of one unit when information was first counted, as an earlier run found
   * it. A sequence over growing values counts its information from there; without it, from the series.
   */
  reference: z.record(z.string(), z.array(z.number().nullable())).optional(),
  /** Metrics, by name, whose definition was edited after the start; the plan keeps the one it started with. */
  editedSince: z.array(z.string()),
  moments: z.custom<ExperimentMoments>((value) => typeof value === "object" && value !== null),
});

export type AnalysisInputs = z.infer<typeof analysisInputsSchema>;
