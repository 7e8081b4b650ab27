import { inEnvironment } from "@telltale/control";
import type { EvaluationCount } from "@telltale/events";
import { z } from "zod";
import { environmentProcedure } from "../trpc.ts";

/** What can be looked at: the last hour by minute, the last day by hour. */
const WINDOWS = {
  hour: { stepSeconds: 60, steps: 60 },
  day: { stepSeconds: 3_600, steps: 24 },
};

/** What decided an answer. `other`: an error, or a reason that another SDK gave. */
const decider = z.enum(["target", "rule", "everyone", "off", "other"]);
type Decider = z.infer<typeof decider>;

const DECIDERS: Record<string, Decider> = {
  TARGETING_MATCH: "target",
  SPLIT: "everyone",
  DEFAULT: "everyone",
  STATIC: "everyone",
  DISABLED: "off",
};

const answered = z.object({
  /** From then up to `to`; steps begin at `from` and every `stepSeconds` after it, the last one is not over. */
  from: z.date(),
  to: z.date(),
  stepSeconds: z.number(),
  answers: z.array(z.object({ at: z.string(), variant: z.string(), count: z.number() })),
  /** `rule` is a rule's id; the flag may have it no longer. */
  decided: z.array(z.object({ by: decider, rule: z.string().optional(), count: z.number() })),
  /**
   * When each SDK last evaluated the flag, in the window or before it; newest first. Empty name: an SDK that does not
   * send one.
   */
  sdks: z.array(z.object({ sdk: z.string(), at: z.string() })),
});

/** What a flag served lately in an environment, which rules decided it, and which SDKs evaluated it. */
export const usage = environmentProcedure
  .input(inEnvironment.extend({ window: z.enum(["hour", "day"]) }))
  .output(answered)
  .query(async ({ ctx, input }) => {
    const scope = { environmentId: ctx.environment.id, flag: input.flag };
    const { stepSeconds, steps } = WINDOWS[input.window];
    const to = new Date();
    const stepMs = stepSeconds * 1_000;
    const from = new Date((Math.floor(to.getTime() / stepMs) - steps + 1) * stepMs);
    const [counts, sdks] = await Promise.all([
      ctx.events.evaluationCounts({ ...scope, from, to, stepSeconds }),
      ctx.events.lastSeenBySdk(scope),
    ]);
    return { from, to, stepSeconds, sdks, ...fold(counts) };
  });

/** The same evaluations added up twice: over rules and reasons, and over time and variants. */
function fold(counts: readonly EvaluationCount[]) {
  const answers = new Map<string, { at: string; variant: string; count: number }>();
  const decided = new Map<string, { by: Decider; rule?: string; count: number }>();
  for (const { at, variant, rule, reason, count } of counts) {
    const answer = answers.get(`${at} ${variant}`) ?? { at, variant, count: 0 };
    answers.set(`${at} ${variant}`, { ...answer, count: answer.count + count });
    const by = rule === "" ? (DECIDERS[reason] ?? "other") : "rule";
    const one = decided.get(`${by} ${rule}`) ?? { by, ...(rule === "" ? {} : { rule }), count: 0 };
    decided.set(`${by} ${rule}`, { ...one, count: one.count + count });
  }
  return { answers: [...answers.values()], decided: [...decided.values()] };
}
