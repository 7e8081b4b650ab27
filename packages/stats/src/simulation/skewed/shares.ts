import { binomial, type Random, times } from "../random.ts";
import { ALPHA, compareMetric, type Grid, type GridWorld, isFound, LOOKS, sequence } from "../scenario.ts";

const RATES = [0.001, 0.01, 0.05, 0.3, 0.95];
const TREATED = [0.02, 0.1, 0.5, 0.95];
const PLANNED = 10_000;
const FIRST = 200;
const END = 20_000;

/** Conversions at this rate in both arms, looked at 20 times, evenly on a log scale: which claims are made at any look? */
function claims(random: Random, rate: number, treated: number): boolean[] {
  const arms = [
    { n: 0, converted: 0 },
    { n: 0, converted: 0 },
  ];
  const found = times(LOOKS, (look) => {
    const units = FIRST * (END / FIRST) ** ((look + 1) / LOOKS);
    for (const [index, share] of [1 - treated, treated].entries()) {
      const arm = arms[index];
      if (!arm) continue;
      const more = Math.round(units * share) - arm.n;
      arm.converted += binomial(random, more, rate);
      arm.n += more;
    }
    const metric = { kind: "conversion", arms: arms.map((arm) => ({ ...arm })) } as const;
    const [primary] = compareMetric(metric, sequence(PLANNED));
    const [guardrail] = compareMetric(metric, sequence(PLANNED), "guardrail");
    return [primary && isFound(primary), guardrail?.outcome === "worse", guardrail?.outcome === "better"];
  });
  return times(3, (claim) => found.some((look) => look[claim] === true));
}

const world = (rate: number, treated: number): GridWorld => ({
  name: `${100 * rate} % convert, ${100 * treated} % treated`,
  cells: ["primary", "harm", "shown"],
  happens: (random) => claims(random, rate, treated),
});

/** Conversions from rare to nearly always, in unequal arms. */
export const shares: Grid[] = [
  {
    name: "shares, sequence, 20 looks",
    what: "false claims",
    level: ALPHA,
    promise: "at_most",
    worlds: RATES.flatMap((rate) => TREATED.map((treated) => world(rate, treated))),
  },
];
