import { type AnalysisSettings, analyseMetrics, type MetricInput } from "../../inference/analyse.ts";
import type { Comparison } from "../../inference/result.ts";
import { runningResult } from "../../inference/running.ts";
import { momentsOf } from "../../moments/moments.ts";
import type { Plan } from "../../power/plan.ts";
import { requiredUnitsTogether, type Together } from "../../power/together.ts";
import { type DecidedVerdict, decideVerdict } from "../../verdict/decide.ts";
import { binomial, gaussian, type Random, times } from "../random.ts";
import { ALPHA, fixed, type Grid, type GridWorld, LOOKS, type Scenario, sequence } from "../scenario.ts";

/** A guardrail of conversions: the control's rate, the treatments' lift, and what is tolerated. */
interface Guard {
  rate: number;
  lift: number;
  margin: number;
  absoluteMargin?: number;
  /** Which way is good: of errors, less. */
  direction: "increase" | "decrease";
}

interface World {
  /** The primary metric's rate is 30 %. */
  lift: number;
  guards: readonly Guard[];
  treatments: number;
  /** Units of one arm at the end. */
  arm: number;
  looks: number;
  settings: AnalysisSettings;
}

const RATE = 0.3;

/** What the verdict says at every look of an experiment, by running results where there are several. */
function verdictsIn(random: Random, { lift, guards, treatments, arm, looks, settings }: World): DecidedVerdict[] {
  const rates = [{ rate: RATE, lift }, ...guards].map(({ rate, lift: own }) =>
    times(treatments + 1, (index) => rate * (index === 0 ? 1 : 1 + own)),
  );
  const counts = rates.map((arms) => arms.map(() => 0));
  let before: Comparison[][] = [];
  return times(looks, (look) => {
    const n = Math.round((arm * (look + 1)) / looks);
    const more = n - Math.round((arm * look) / looks);
    const metrics = counts.map((arms, metric): MetricInput => {
      for (const [index, count] of arms.entries())
        arms[index] = count + binomial(random, more, rates[metric]?.[index] ?? 0);
      const own = { kind: "conversion", arms: arms.map((converted) => ({ n, converted })) } as const;
      const guard = guards[metric - 1];
      return guard
        ? { ...own, role: "guardrail", direction: guard.direction }
        : { ...own, role: "primary", direction: "increase" };
    });
    const now = analyseMetrics(metrics, settings).map(({ comparisons }) => comparisons);
    const isOnce = looks === 1;
    before = now.map((list, m) =>
      list.map((found, t) => (isOnce ? found : runningResult(before[m]?.[t] ?? null, found))),
    );
    return judge(before, guards, n, look + 1 === looks);
  });
}

function judge(found: readonly Comparison[][], guards: readonly Guard[], n: number, ended: boolean): DecidedVerdict {
  const [primary = [], ...rest] = found;
  return decideVerdict({
    health: [],
    units: { smallestArm: n, minimum: 100 },
    readable: true,
    ended,
    treatments: primary.map((comparison, t) => ({
      primary: [{ comparison, smallestEffect: null }],
      guardrails: guards.flatMap(({ margin, absoluteMargin = null, direction }, g) => {
        const own = rest[g]?.[t];
        return own ? [{ comparison: own, margin, absoluteMargin, direction }] : [];
      }),
    })),
  });
}

const says = (code: DecidedVerdict["code"], verdicts: readonly DecidedVerdict[]) =>
  verdicts.some((verdict) => verdict.code === code);

const guard = (margin: number, lift = 0): Guard => ({ rate: 0.3, lift, margin, direction: "increase" });

/** Sizes by the planner, for a primary lift of 20 % and these guardrails. */
function plannedArm(guards: readonly Guard[], method: Plan["method"]): number {
  const shares = { control: 1, treatment: 1, all: 2 };
  const planOf = (rate: number): Plan => ({
    baseline: { value: rate, unitVariance: rate * (1 - rate), isRate: true },
    method,
    alpha: ALPHA,
    shares,
  });
  const together: Together = {
    primary: [{ plan: planOf(RATE), effect: { lift: 0.2 } }],
    guardrails: guards.map(({ rate, margin, direction }) => ({
      plan: planOf(rate),
      margin: { relative: margin },
      direction,
    })),
  };
  const needed = requiredUnitsTogether(together, 0.8);
  if (needed.state !== "ok") throw new Error("There should be a size.");
  return needed.control;
}

/** A plan's world, at its own size, by a sequence of 20 looks or once at the end: is "Ship" said? */
function shipWorlds(name: string, guards: readonly Guard[], truth: readonly number[]): GridWorld[] {
  const own = guards.map((one, index) => ({ ...one, lift: truth[index] ?? 0 }));
  return (["sequence", "fixed"] as const).map((kind) => {
    const arm = plannedArm(guards, { kind });
    const settings = kind === "fixed" ? fixed : sequence(2 * arm);
    const world = { lift: 0.2, guards: own, treatments: 1, arm, looks: kind === "fixed" ? 1 : LOOKS, settings };
    return {
      name: `${name}, ${kind}`,
      cells: [`${arm} an arm`],
      happens: (random) => [says("ship", verdictsIn(random, world))],
    };
  });
}

const few = [guard(0.1)];
const many = [guard(0.1), guard(0.08), guard(0.15)];
const errors = (treated: number, borne: Pick<Guard, "margin" | "absoluteMargin">): Guard[] => [
  // A rate so small that the control has none; the lift makes the treatment's.
  { rate: 1e-12, lift: treated / 1e-12 - 1, direction: "decrease", ...borne },
];
const onZero = (guards: Guard[]): World => {
  return { lift: 0.2, guards, treatments: 1, arm: 20_000, looks: LOOKS, settings: sequence(40_000) };
};

/** Net revenue of 0.02 a unit, that falls to -2: the control's mean cannot be distinguished from 0. */
function fallsBelowZero(random: Random): DecidedVerdict {
  const arms = [0.02, -2].map((mean) => momentsOf(times(500, () => mean + 5 * gaussian(random))));
  const better = [500, 650].map((converted) => ({ n: 2_000, converted }));
  const metrics: MetricInput[] = [
    { kind: "conversion", arms: better, role: "primary", direction: "increase" },
    { kind: "mean", arms, role: "guardrail", direction: "increase" },
  ];
  const found = analyseMetrics(metrics, sequence(1_000)).map(({ comparisons }) => comparisons);
  return judge(found, [{ rate: 0, lift: 0, margin: 0.05, direction: "increase" }], 500, false);
}

/** Verdicts of experiments with guardrails: what is not shown is not shipped, and harm is found wherever the mean lies. */
export const guardrailErrors: (Scenario | Grid)[] = [
  {
    name: "guardrail, harm as large as its margin, a better primary",
    what: "ship",
    level: ALPHA,
    promise: "at_most",
    worlds: [
      ...shipWorlds("one guardrail", few, [-0.1]),
      ...shipWorlds("three, one at its margin", many, [0, -0.08, 0]),
      ...shipWorlds("three, all at their margins", many, [-0.1, -0.08, -0.15]),
      {
        name: "no errors in the control, 1 % in the treatment, an absolute margin of 1 %",
        cells: [""],
        happens: (random) => [
          says("ship", verdictsIn(random, onZero(errors(0.01, { margin: 0, absoluteMargin: 0.01 })))),
        ],
      },
    ],
    cost: 2,
  },
  {
    name: "guardrail, no harm, a better primary, by the planned size",
    what: "ship",
    level: 0.8,
    promise: "at_least",
    worlds: [...shipWorlds("one guardrail", few, [0]), ...shipWorlds("three", many, [0, 0, 0])],
    cost: 2,
  },
  {
    name: "guardrail, harm beyond its margin on a mean of 0 or near it",
    what: "roll back",
    level: 0.99,
    promise: "at_least",
    worlds: [
      {
        name: "no errors in the control, 5 % in the treatment, a margin of 5 %",
        cells: [""],
        happens: (random) => [says("roll_back", verdictsIn(random, onZero(errors(0.05, { margin: 0.05 }))))],
      },
      {
        name: "net revenue of 0.02 falls to -2, a margin of 5 %",
        cells: [""],
        happens: (random) => [fallsBelowZero(random).code === "roll_back"],
      },
    ],
    cost: 4,
  },
  {
    name: "10 guardrails, 3 harmless treatments, 20 looks",
    what: "roll back",
    level: ALPHA,
    promise: "at_most",
    happens: (random) =>
      says(
        "roll_back",
        verdictsIn(random, {
          lift: 0,
          guards: times(10, () => guard(0)),
          treatments: 3,
          arm: 2_000,
          looks: LOOKS,
          settings: sequence(4_000),
        }),
      ),
    cost: 4,
  },
];
