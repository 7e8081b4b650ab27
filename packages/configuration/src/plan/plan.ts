import { z } from "zod";

/** A metric in an experiment's plan. What is not null counts in place of the metric's own. */
export type PlanMetric = {
  key: string;
  role: "primary" | "secondary" | "guardrail";
  /** Smallest lift that matters, a fraction. */
  minimumEffect: number | null;
  /** Harm that it tolerates as a guardrail, a fraction of the control's mean. */
  margin: number | null;
  /** The same in the metric's own unit, in its place. */
  absoluteMargin: number | null;
};

/** How an experiment's results will be read; open until it starts. A type and no interface, so that it is JSON. */
export type DraftPlan = {
  hypothesis: string;
  /** In their order, each once. */
  metrics: PlanMetric[];
  /** What it sets otherwise than its organisation: values by name. What they mean is `analysis`'s. */
  settings: Record<string, unknown>;
  /** Units over all arms that it is planned for; null without a plan. */
  plannedUnits: number | null;
};

const storedPlan: z.ZodType<DraftPlan> = z.object({
  hypothesis: z.string(),
  metrics: z.array(
    z.object({
      key: z.string(),
      role: z.enum(["primary", "secondary", "guardrail"]),
      minimumEffect: z.number().nullable(),
      margin: z.number().nullable(),
      absoluteMargin: z.number().nullable(),
    }),
  ),
  settings: z.record(z.string(), z.unknown()),
  plannedUnits: z.number().nullable(),
});

/**
 * Reads a draft's plan from a JSON column: its shape, and not its bounds.
 * @throws z.ZodError where the column holds something else
 */
export function readDraftPlan(json: unknown): DraftPlan {
  return storedPlan.parse(json);
}
