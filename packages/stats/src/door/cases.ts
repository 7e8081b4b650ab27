import { z } from "zod";

const number = z.number();
const numbers = z.array(number);
const direction = z.enum(["increase", "decrease"]);
const role = z.enum(["primary", "secondary", "guardrail"]);

const conversions = z.object({ n: number, converted: number });
const moments = z.object({ n: number, mean: number, m2: number });
const pairMoments = z.object({ n: number, meanY: number, meanX: number, yy: number, xx: number, xy: number });
const ratioWithPrior = z.object({
  n: number,
  means: z.object({ y: number, x: number, y0: number, x0: number }),
  products: z.object({
    yy: number,
    yx: number,
    yy0: number,
    yx0: number,
    xx: number,
    xy0: number,
    xx0: number,
    y0y0: number,
    y0x0: number,
    x0x0: number,
  }),
});
const bound = z.object({ z: number, low: number.nullable(), high: number.nullable() });
const reading = z.object({
  n: number,
  value: number,
  lower: number,
  upper: number,
  bounds: z.array(bound).optional(),
  inside: pairMoments.optional(),
});

/** One metric's arms, and what else is said of it. */
function metricWith<More extends z.ZodRawShape>(more: More) {
  return z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("conversion"), arms: z.array(conversions), ...more }),
    z.object({ kind: z.literal("mean"), arms: z.array(moments), ...more }),
    z.object({ kind: z.literal(["ratio", "clustered"]), arms: z.array(pairMoments), ...more }),
    z.object({ kind: z.literal("adjusted_mean"), arms: z.array(pairMoments), ...more }),
    z.object({ kind: z.literal("adjusted_ratio"), arms: z.array(ratioWithPrior), ...more }),
    z.object({ kind: z.literal("quantile"), level: number, arms: z.array(reading), ...more }),
  ]);
}
const metric = metricWith({});
const tails = z.object({ skewness: number.nullable(), reach: number.nullable() });
const clock = z.union([z.object({ unitVariance: number }), z.object({ growth: number })]);
const metricInput = metricWith({
  role,
  direction,
  tails: tails.optional(),
  clock: z.array(clock.nullable()).optional(),
  looks: z.array(numbers.nullable()).optional(),
});

const fixed = z.object({ kind: z.literal("fixed") });
const group = z.object({ kind: z.literal("group"), fractions: numbers });
const sequence = z.object({
  kind: z.literal("sequence"),
  plannedUnits: number,
});
const settings = z.object({
  method: z.discriminatedUnion("kind", [sequence, group, fixed]),
  alpha: number,
  sides: z.enum(["one", "two"]).optional(),
  prior: z.object({ mean: number, sd: number }).optional(),
  guardrailUnits: number.optional(),
  guardrailTests: number.optional(),
  correct: z.boolean().optional(),
});

const plan = z.object({
  baseline: z.object({ value: number, unitVariance: number, isRate: z.boolean() }),
  method: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("sequence"), plannedUnits: number.optional() }),
    group,
    fixed,
  ]),
  alpha: number,
  shares: z.object({ control: number, treatment: number, all: number }),
  comparisons: number.optional(),
  correlation: number.optional(),
  tails: tails.optional(),
  sides: z.enum(["one", "two"]).optional(),
});
const effect = z.union([z.object({ absolute: number }), z.object({ lift: number })]);
const power = number.optional();
const together = z.object({
  primary: z.array(z.object({ plan, effect })),
  guardrails: z.array(
    z.object({
      plan,
      margin: z.union([z.object({ relative: number }), z.object({ absolute: number })]),
      direction,
    }),
  ),
});

const end = number.nullable();
const interval = z.discriminatedUnion("state", [
  z.object({ state: z.literal("bounded"), estimate: number, low: number, high: number }),
  z.object({ state: z.literal("one_sided"), estimate: number, low: end, high: end }),
  z.object({ state: z.literal("unbounded"), estimate: number }),
  z.object({ state: z.literal("unknown"), estimate: end, reason: z.string().optional() }),
]);
const comparison = z.object({
  control: z.object({ value: end }).optional(),
  outcome: z.enum(["better", "worse", "unclear", "unknown"]),
  difference: interval,
  lift: interval,
});
const problem = z.enum([
  ...(["split", "several_variants", "missing_rows", "pre_period_difference"] as const),
  ...(["no_data", "stale_data", "settings_changed"] as const),
]);
const facts = z.object({
  health: z.array(problem),
  units: z.object({ smallestArm: number, minimum: number }),
  readable: z.boolean(),
  ended: z.boolean(),
  treatments: z.array(
    z.object({
      primary: z.array(z.object({ comparison, smallestEffect: end })),
      guardrails: z.array(
        z.object({
          comparison,
          margin: number,
          direction,
          absoluteMargin: end.optional(),
          needs: z.enum(["shown", "no_harm"]).optional(),
          isReceived: z.boolean().optional(),
        }),
      ),
    }),
  ),
  between: z.array(z.object({ treatment: number, other: number, metric: number, comparison })).optional(),
});

const split = { counts: numbers, weights: numbers };

/** What a case of each name carries beside `case` and `id`; see the README for an example of each. */
export const cases = {
  analyse: z.object({ metrics: z.array(metricInput), settings }),
  running: z.object({ looks: z.array(metricInput), settings }),
  arms: z.object({ metric }),
  moments: z.union([
    z.object({ values: numbers }),
    z.object({ pairs: z.array(z.tuple([number, number])) }),
    z.object({ sums: z.object({ n: number, sum: number, sumSquares: number, shift: number.optional() }) }),
  ]),
  split: z.object(split),
  sequential_split: z.object({ ...split, alpha: power, before: power, concentration: power }),
  boundaries: z.object({ fractions: numbers, alpha: number }),
  baseline: z.object({ metric }),
  units: z.object({ plan, effect, power }),
  power: z.object({ plan, effect, units: number }),
  together: z.object({ together, units: number.optional(), power }),
  effect: z.object({ plan, units: number, power, sign: z.literal([1, -1]).optional() }),
  duration: z.object({ plan, effect, unitsByWeek: numbers, power }),
  thompson: z.object({
    arms: z.array(z.object({ n: number, mean: number, standardError: number })),
    options: z.object({ direction, floor: number.optional(), burnIn: number.optional() }),
  }),
  verdict: z.object({ facts }),
};

export type Cases = { [Name in keyof typeof cases]: z.infer<(typeof cases)[Name]> };
