import { type AnalysisSettings, analyseMetric } from "../../inference/analyse.ts";
import { groupBoundaries, stoppingProbabilities } from "../../inference/formulas/group-sequential.ts";
import { lookTimes } from "../../inference/formulas/look-times.ts";
import { binomial, poisson, type Random, times } from "../random.ts";
import { ALPHA, type Grid, type GridWorld, isFound } from "../scenario.ts";

/** Units that join from look to look, by chance in one of two arms, and the events that each of them has in that time. */
const [JOINING, PACE] = [600, 0.5];

const LOOKS = 5;
const fractions = times(LOOKS, (look) => (look + 1) / LOOKS);
/** No look of such a plan decides below. */
const LEAST_Z = 2;

/** One experiment of units that join evenly and do more the older they are, read at planned looks: is anything found? */
function grow(random: Random, { lift, isKnown }: { lift: number; isKnown: boolean }): boolean {
  const arms = times(2, () => new Uint16Array(JOINING * LOOKS));
  const sizes = [0, 0];
  const information: number[] = [];
  return fractions.some((_, look) => {
    const joined = binomial(random, JOINING, 0.5);
    const moments = arms.map((events, arm) => {
      const n = (sizes[arm] ?? 0) + (arm === 0 ? joined : JOINING - joined);
      sizes[arm] = n;
      let [sum, squares] = [0, 0];
      for (let unit = 0; unit < n; unit++) {
        const all = (events[unit] ?? 0) + poisson(random, PACE * (1 + arm * lift));
        events[unit] = all;
        sum += all;
        squares += all * all;
      }
      return { n, mean: sum / n, m2: squares - (sum * sum) / n };
    });
    information.push(moments.reduce((total, { m2 }) => total + m2, 0));
    const [c, t] = moments;
    if (!c || !t || Math.abs(t.mean - c.mean) < LEAST_Z * Math.sqrt(c.m2 / c.n ** 2 + t.m2 / t.n ** 2)) return false;
    const method: AnalysisSettings["method"] = { kind: "group", fractions: fractions.slice(0, look + 1) };
    const known = isKnown ? { looks: [information] } : {};
    const metric = { kind: "mean", role: "primary", direction: "increase", arms: moments, ...known } as const;
    return analyseMetric(metric, { method, alpha: ALPHA }).comparisons.some(isFound);
  });
}

const world = (own: Parameters<typeof grow>[1]): GridWorld => ({
  name: `${LOOKS} looks`,
  cells: ["primary"],
  happens: (random) => [grow(random, own)],
});

const LIFT = 0.1;

/** Of units that have joined by a look: the mean of their events, and the variance (Poisson, and unlike ages). */
function eventsAt(look: number) {
  const ages = times(look, (own) => PACE * (own + 1));
  const mean = ages.reduce((sum, age) => sum + age, 0) / look;
  return { mean, variance: mean + ages.reduce((sum, age) => sum + (age - mean) ** 2, 0) / look };
}

/** The chance to find the lift by any look, by the information that is in them: a plan that counts units says 2 % more. */
function powerByInformation(): number {
  const information = times(LOOKS, (look) => JOINING * (look + 1) * eventsAt(look + 1).variance);
  const { mean, variance } = eventsAt(LOOKS);
  const z = LIFT * mean * Math.sqrt((JOINING * LOOKS) / (4 * variance));
  const limits = groupBoundaries(fractions, ALPHA, information);
  return stoppingProbabilities(lookTimes(fractions, information), limits, z).at(-1) ?? 0;
}

/** Values that go on growing, read at planned looks: early ones have less information than they have units. */
export const growingGroup: Grid[] = [
  {
    name: "growing values, group",
    what: "false positives",
    level: ALPHA,
    promise: "at_most",
    worlds: [world({ lift: 0, isKnown: true })],
  },
  {
    name: "growing values, group, information by units",
    what: "false positives",
    level: ALPHA,
    promise: "none",
    worlds: [world({ lift: 0, isKnown: false })],
  },
  {
    name: "growing values, group, a lift of 10 %",
    what: "finds",
    level: powerByInformation(),
    promise: "at_least",
    worlds: [world({ lift: LIFT, isKnown: true })],
  },
];
