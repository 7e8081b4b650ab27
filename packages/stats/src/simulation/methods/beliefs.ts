import { normalCdf } from "../../distributions/normal.ts";
import type { Posterior, Prior } from "../../inference/posterior.ts";
import { momentsOf } from "../../moments/moments.ts";
import { gaussian, type Random, times } from "../random.ts";
import { compareMetric, fixed, type Scenario } from "../scenario.ts";

const prior: Prior = { mean: 0, sd: 0.1 };

interface Believed {
  /** The lift that was drawn from the prior. */
  truth: number;
  posterior: Posterior;
}

/** An experiment whose true lift is drawn from the prior, with a lift known to about 5 %. */
function believed(random: Random, from = prior): Believed {
  const truth = from.mean + from.sd * gaussian(random);
  const arms = [10, 10 * (1 + truth)].map((mean) => momentsOf(times(300, () => mean + 6 * gaussian(random))));
  const [found] = compareMetric({ kind: "mean", arms }, { ...fixed, prior });
  if (!found?.posterior) throw new Error("A posterior was asked for.");
  return { truth, posterior: found.posterior };
}

const SURE = [0.88, 0.92] as const;

/** An experiment with a chance to win of about 90 %. */
function nearlySure(random: Random, from = prior): Believed {
  for (;;) {
    const found = believed(random, from);
    if (found.posterior.chanceToWin > SURE[0] && found.posterior.chanceToWin < SURE[1]) return found;
  }
}

/** Is a belief right as often as it says, when the truth is drawn from the prior, and when it is not? */
export const beliefs: Scenario[] = [
  {
    name: "chance to win of 88 to 92 %",
    what: "wins",
    level: 0.9,
    promise: "about",
    happens: (random) => nearlySure(random).truth > 0,
  },
  {
    name: "chance to win, true lifts a third of the prior",
    what: "wins",
    level: 0.9,
    promise: "none",
    happens: (random) => nearlySure(random, { mean: 0, sd: prior.sd / 3 }).truth > 0,
  },
  {
    name: "belief of 95 %",
    what: "intervals that miss",
    level: 0.05,
    promise: "about",
    happens: (random) => {
      const { truth, posterior } = believed(random);
      return truth < posterior.low || truth > posterior.high;
    },
  },
  {
    name: "lowest 20 % of the belief",
    what: "holds the truth",
    level: 0.2,
    promise: "about",
    happens: (random) => {
      const { truth, posterior } = believed(random);
      return normalCdf((truth - posterior.mean) / posterior.sd) < 0.2;
    },
  },
];
