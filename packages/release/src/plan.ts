import { z } from "zod";

/** All of a rule's line of buckets, in parts. */
export const WHOLE = 100_000;

const DAY_SECONDS = 86_400;
const MINUTE_SECONDS = 60;

export const STRATEGIES = ["canary", "immediate"] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** A share of the units on the way to all of them. */
export interface ReleaseStep {
  /** Units that are served the variant: parts of 100,000 of the rule's line of buckets. */
  parts: number;
  /** How long it is measured before the next step, seconds. A pause does not count. */
  holdSeconds: number;
  /** Somebody must approve before the next step. */
  isApprovalNeeded?: boolean | undefined;
}

/** What a release does, fixed when it starts. */
export interface ReleasePlan {
  strategy: Strategy;
  /** Id of the flag's rule that is changed; null: everyone else. */
  rule: string | null;
  /** The variant that is released. */
  variant: string;
  /** Attribute that is hashed, where the rule does not split yet; a rule that does keeps its own. */
  by: string;
  /** The shares below 100 %, growing. Behind the last one everybody is served the variant, and the release bakes. */
  steps: ReleaseStep[];
  /** Units that are kept out until the release is completed, parts of 100,000: what it is compared with at the end. */
  holdbackParts: number;
  /** How long all are served the variant before the release is completed, seconds. */
  bakeSeconds: number;
  /** How long a completed release can still be rolled back, seconds. */
  standbySeconds: number;
  /** What happens when it has made no progress for three weeks. */
  whenStalled: "tell" | "roll back";
}

const seconds = (most: number) => z.int("Durations are whole seconds.").min(0).max(most);

const stepSchema: z.ZodType<ReleaseStep> = z.object({
  parts: z
    .int("Shares are whole thousandths of a percent.")
    .min(1, "A step serves the variant to somebody.")
    .max(WHOLE - 1, "The step behind the last one is 100 %: leave it out."),
  holdSeconds: seconds(90 * DAY_SECONDS),
  isApprovalNeeded: z.boolean().optional(),
});

/** A plan as it arrives from outside. */
export const releasePlanSchema: z.ZodType<ReleasePlan> = z
  .object({
    strategy: z.enum(STRATEGIES),
    rule: z.string().min(1).max(100).nullable(),
    variant: z.string().min(1).max(100),
    by: z.string().min(1, "Name the attribute that is hashed.").max(100),
    steps: z.array(stepSchema).max(20, "A release has at most 20 steps."),
    holdbackParts: z.int().min(0).max(5_000, "A holdback is at most 5 %."),
    bakeSeconds: seconds(30 * DAY_SECONDS),
    standbySeconds: seconds(30 * DAY_SECONDS),
    whenStalled: z.enum(["tell", "roll back"]),
  })
  .superRefine(({ strategy, steps, holdbackParts }, context) => {
    const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
    if (strategy === "immediate" && steps.length > 0) {
      refuse(["steps"], "An immediate release has no steps: everybody is served the variant at once.");
    }
    if (strategy === "canary" && steps.length === 0) refuse(["steps"], "A canary has at least one step below 100 %.");
    for (const [at, { parts }] of steps.entries()) {
      const before = steps[at - 1]?.parts ?? 0;
      if (parts <= before) refuse(["steps", at, "parts"], "Each step serves more units than the one before.");
      if (parts > WHOLE - holdbackParts) {
        refuse(["steps", at, "parts"], "The step reaches into the holdback. Make the step or the holdback smaller.");
      }
    }
  });

/** A strategy's plan before anybody changes it. */
export function planOf(
  strategy: Strategy,
  { rule, variant, by = "targetingKey" }: Pick<ReleasePlan, "rule" | "variant"> & { by?: string },
): ReleasePlan {
  const common = {
    strategy,
    rule,
    variant,
    by,
    holdbackParts: 0,
    standbySeconds: DAY_SECONDS,
    whenStalled: "tell" as const,
  };
  if (strategy === "immediate") return { ...common, steps: [], bakeSeconds: 15 * MINUTE_SECONDS };
  const steps = [
    { parts: 1_000, holdSeconds: 10 * MINUTE_SECONDS },
    { parts: 5_000, holdSeconds: 20 * MINUTE_SECONDS },
    { parts: 25_000, holdSeconds: 60 * MINUTE_SECONDS },
    { parts: 50_000, holdSeconds: 120 * MINUTE_SECONDS },
  ];
  return { ...common, steps, bakeSeconds: DAY_SECONDS };
}
