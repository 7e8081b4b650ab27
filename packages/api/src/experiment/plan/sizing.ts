import { type AnalysisPlan, metricHistorySchema, type PlannedMetric, sizingOf } from "@telltale/analysis";
import { getPlan, inExperiment } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../../trpc.ts";
import { type FrozenHistory, readHistories } from "./histories.ts";

const baseline = z.object({
  metric: z.string(),
  /** Mean over units: a rate, a mean, a ratio. */
  value: z.number(),
  /** Standard deviation of one unit's value; not needed for shares of units. */
  deviation: z.number().gt(0).max(1e15).optional(),
  /** Mean of a ratio's denominator over units, by which its caps bound how far its values reach. */
  denominator: z.number().gt(0).max(1e15).optional(),
});

const sizing = z.object({
  /** Chance of "Ship" at the planned units when the smallest effects are there and no guardrail changes. */
  power: z.number().nullable(),
  /** Units over all arms that the wanted power needs; null where no number does. */
  units: z.number().nullable(),
  /** The metric that needs most. */
  binding: z.string().nullable(),
  alone: z.array(z.object({ metric: z.string(), units: z.number() })),
  /** A metric that this plan never reads: neither cap nor history says how far its values reach. */
  neverRead: z.string().nullable(),
  /** Metrics that may be read later than `units`: how far their caps reach depends on a denominator that is not known. */
  uncounted: z.array(z.string()),
});

const knownMetric = z.object({
  key: z.string(),
  name: z.string(),
  role: z.enum(["primary", "secondary", "guardrail"]),
  /** What its values were like in the last four weeks; null where the event store knows nothing about them. */
  history: metricHistorySchema.nullable(),
  /** A cap for the metric's definition: the 99.9th percentile of the totals that are not 0. */
  proposedCap: z.object({ y: z.number().nullable(), x: z.number().nullable() }).nullable(),
});

/**
 * What an experiment's plan can find and show, before it starts: units, joint power and the guardrail that binds, by the
 * past of its metrics or by baselines that are given. Null where a baseline is not known.
 */
export const sizingOfPlan = projectProcedure
  .input(
    inExperiment.extend({
      baselines: z.array(baseline).max(20).optional(),
      /** Whether the other choice of `sides` is sized, too: that searches once more. */
      compareSides: z.boolean().optional(),
    }),
  )
  .output(
    z.object({
      plannedUnits: z.number().nullable(),
      sizing: sizing.nullable(),
      /** Units that the plan would need with the other choice of `sides`; null where that is unknown, or not asked for. */
      unitsByOtherSides: z.number().nullable(),
      metrics: z.array(knownMetric),
      /** Why the past is not known; null where it is. */
      problem: z.string().nullable(),
    }),
  )
  .query(async ({ ctx, input }) => {
    const planned = await getPlan(ctx.database, ctx.actor, input);
    let [histories, problem]: [Record<string, FrozenHistory | null>, string | null] = [{}, null];
    try {
      histories = await readHistories(ctx.events, planned, planned.startedAt ?? new Date());
    } catch (error) {
      ctx.onError(error);
      problem =
        "The event store does not answer, so that the metrics' past is not known. Give baselines, or try again.";
    }
    const { plan } = planned;
    // The start freezes the history with the plan: before it, what it will be is what can be counted on.
    const isOpen = planned.startedAt === null;
    const metrics = plan.metrics.map((own) => (isOpen ? { ...own, history: histories[own.key]?.frozen ?? null } : own));
    const open = { ...plan, metrics };
    const otherwise = input.compareSides ? withOtherSides(open) : null;
    const baselines = plan.metrics.map((metric) => baselineOf(metric, histories[metric.key] ?? null, input.baselines));
    return {
      plannedUnits: plan.plannedUnits,
      sizing: sizingOf(open, baselines),
      unitsByOtherSides: otherwise && (sizingOf(otherwise, baselines)?.units ?? null),
      metrics: plan.metrics.map(({ key, name, role }) => ({
        key,
        name,
        role,
        history: histories[key]?.frozen ?? null,
        proposedCap: histories[key]?.proposedCap ?? null,
      })),
      problem,
    };
  });

function withOtherSides(plan: AnalysisPlan): AnalysisPlan {
  return { ...plan, settings: { ...plan.settings, sides: plan.settings.sides === "two" ? "one" : "two" } };
}

const shares: PlannedMetric["definition"]["kind"][] = ["conversion", "retention", "funnel"];

/** A given baseline counts in place of the past. */
function baselineOf(
  { key, definition }: PlannedMetric,
  history: FrozenHistory | null,
  given: z.infer<typeof baseline>[] = [],
): Parameters<typeof sizingOf>[1][number] {
  const isShare = shares.includes(definition.kind);
  const own = given.find(({ metric }) => metric === key);
  const isRate = (value: number) => isShare && value >= 0 && value <= 1;
  if (own && isRate(own.value)) {
    return { value: own.value, unitVariance: own.value * (1 - own.value), isRate: true };
  }
  if (own?.deviation !== undefined) {
    const { value, deviation, denominator } = own;
    return { value, unitVariance: deviation ** 2, isRate: false, denominator };
  }
  if (!history) return null;
  const { value, unitVariance } = history.frozen;
  return { value, unitVariance, isRate: isRate(value) };
}
