import type { ExperimentMoments, VariantMoments } from "@telltale/events";
import { z } from "zod";
import { analysisPlanSchema } from "../plan/plan.ts";

const time = z.iso.datetime();

/** A planned look that was reached: when it was over, and the share of the planned units that were in by then. */
const takenLookSchema = z.object({
  end: time,
  fraction: z.number(),
  /** By metric key, then treatment: see `informationAt`. Absent from what was taken before it was counted. */
  information: z.record(z.string(), z.array(z.number().nullable())).optional(),
});
export type TakenLook = z.infer<typeof takenLookSchema>;

/** All that an analysis is a function of: kept with the snapshot, so that it can be computed again to the same bytes. */
export const analysisInputsSchema = z.object({
  plan: analysisPlanSchema,
  status: z.enum(["running", "ended"]),
  /** Exposures and events of this time were read; `to` is the data-to time. */
  window: z.object({ from: time, to: time }),
  stepSeconds: z.int().min(1),
  /** The attribute it is broken down by; null for none. */
  breakdown: z.string().nullable(),
  /**
   * By metric key, then treatment: the variance of one unit when information was first counted, as an earlier run found
   * it. A sequence over growing values counts its information from there; without it, from the series.
   */
  reference: z.record(z.string(), z.array(z.number().nullable())).optional(),
  /**
   * The planned looks of a group or fixed plan that were reached, as runs found them: the series' steps get longer with
   * the window, and a look stays where it was. Absent from what was computed before looks were kept.
   */
  looks: z.array(takenLookSchema).optional(),
  /** The moments as they stood at the end of the last of `looks`. */
  atLook: z.custom<VariantMoments[]>((value) => Array.isArray(value)).optional(),
  /** Metrics, by name, whose definition was edited after the start; the plan keeps the one it started with. */
  editedSince: z.array(z.string()),
  moments: z.custom<ExperimentMoments>((value) => typeof value === "object" && value !== null),
});

export type AnalysisInputs = z.infer<typeof analysisInputsSchema>;
