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

/** What a broken guard does: the release is rolled back or paused, or the page says so and nothing else. */
export const GUARD_ACTIONS = ["roll back", "pause", "tell"] as const;

/** Watches the share of units in which something goes wrong, against the units that are not served the variant. */
export interface Guard {
  /** What SDKs observe: "error", "latency", or a name of one's own. */
  metric: string;
  /** An observation above it is a failing one; absent: every observation is. */
  above?: number | undefined;
  /** Harm that is tolerated: 0.1 is a share 1.1 times that of the others. */
  margin: number;
  action: (typeof GUARD_ACTIONS)[number];
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
  guards: Guard[];
  /** With guards: so many distinct units must have been served the variant before it goes on. */
  minUnits: number;
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

/** Observed of every evaluation by the SDK itself: no guard has its name. */
export const EXPOSED = "exposed";

const guardSchema: z.ZodType<Guard> = z.object({
  metric: z
    .string()
    .regex(/^[a-z][a-zA-Z0-9._-]{0,62}$/, "A metric is named by letters, digits, dots and hyphens.")
    .refine((metric) => metric !== EXPOSED, `"${EXPOSED}" counts who is served. Choose another name.`),
  above: z.number().optional(),
  margin: z.number().min(0).max(10, "A margin is at most 10: eleven times the failures of the others."),
  action: z.enum(GUARD_ACTIONS),
});

/** A plan as it arrives from outside. */
export const releasePlanSchema: z.ZodType<ReleasePlan> = z
  .object({
    strategy: z.enum(STRATEGIES),
    rule: z.string().min(1).max(100).nullable(),
    variant: z.string().min(1).max(100),
    by: z.string().min(1, "Name the attribute that is hashed.").max(100),
    steps: z.array(stepSchema).max(20, "A release has at most 20 steps."),
    guards: z.array(guardSchema).max(10, "A release has at most 10 guards.").default([]),
    minUnits: z.int().min(1, "A guarded release waits for at least one unit.").max(10_000_000).default(100),
    holdbackParts: z.int().min(0).max(5_000, "A holdback is at most 5 %."),
    bakeSeconds: seconds(30 * DAY_SECONDS),
    standbySeconds: seconds(30 * DAY_SECONDS),
    whenStalled: z.enum(["tell", "roll back"]),
  })
  .superRefine(({ strategy, steps, guards, holdbackParts }, context) => {
    const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
    if (strategy === "immediate" && steps.length > 0) {
      refuse(["steps"], "An immediate release has no steps: everybody is served the variant at once.");
    }
    for (const [at, { metric, above }] of guards.entries()) {
      if (metric === "latency" && above === undefined) {
        refuse(["guards", at, "above"], "Say above how many milliseconds a latency counts as failing.");
      }
      if (guards.findIndex((guard) => guard.metric === metric) < at) {
        refuse(["guards", at, "metric"], `"${metric}" has a guard already.`);
      }
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
    guards: [],
    minUnits: 100,
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
