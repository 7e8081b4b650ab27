import type { MetricInput } from "../../inference/analyse.ts";
import { analyseMetric } from "../../inference/analyse.ts";
import type { Clock } from "../../inference/readout.ts";
import type { Tails } from "../../inference/tails.ts";
import { gaussian, poisson, type Random } from "../random.ts";
import { ALPHA, type Grid, type GridWorld, isFound, sequence } from "../scenario.ts";

/** Units that are all there at the start, and do more and more. */
interface World {
  name: string;
  /** Units of both arms, and the treatment's share of them. */
  units: number;
  share: number;
  /** Events a unit, from look to look. */
  perLook: number;
  looks: number;
  /** How unlike units are: standard deviation of the logarithm of their own pace. */
  unlike: number;
  /** Is information counted by variance? Otherwise by units, which do not grow. */
  hasClock: boolean;
}

/** Events of each unit of an arm. */
interface Arm {
  events: Uint16Array;
  /** Units that are up for an event, the busier the more often. */
  draw(random: Random): number;
  pace: number;
  sum: number;
  squares: number;
}

const TICKETS = 20;

function join(random: Random, units: number, { unlike }: World, lift: number): Arm {
  const tickets: number[] = [];
  for (let unit = 0; unit < units; unit++) {
    const own = unlike === 0 ? 1 : Math.max(1, Math.round(TICKETS * Math.exp(unlike * gaussian(random))));
    for (let ticket = 0; ticket < own; ticket++) tickets.push(unit);
  }
  const draw = (by: Random) => tickets[Math.floor(by() * tickets.length)] ?? 0;
  const pace = (tickets.length / (unlike === 0 ? 1 : TICKETS)) * (1 + lift);
  return { events: new Uint16Array(units), draw, pace, sum: 0, squares: 0 };
}

function happenMore(random: Random, arm: Arm, perLook: number): void {
  for (let left = poisson(random, arm.pace * perLook); left > 0; left--) {
    const unit = arm.draw(random);
    const before = arm.events[unit] ?? 0;
    arm.events[unit] = before + 1;
    arm.sum += 1;
    arm.squares += 2 * before + 1;
  }
}

const momentsOf = ({ events: { length: n }, sum, squares }: Arm) => {
  return { n, mean: sum / n, m2: Math.max(0, squares - (sum * sum) / n) };
};

/** Skewness of a lognormal number with a sigma of 1, which the paces of unlike units have. */
const SKEWNESS_OF_PACES = 6.2;

/**
 * What history says of whole values, for values that have come so far: a sum of t of its T parts is sqrt(T / t) times as
 * skewed. Counts of like units are Poisson numbers, with a skewness of 1 / sqrt(mean).
 */
function tailsAt({ perLook, looks, unlike }: World, mean: number): Tails {
  const whole = perLook * looks;
  const skewness = unlike > 0 ? SKEWNESS_OF_PACES : 1 / Math.sqrt(whole);
  return { skewness: mean > 0 ? skewness * Math.sqrt(Math.max(1, whole / mean)) : null, reach: null };
}

/** No sequence decides below. */
const LEAST_Z = 2;

/**
 * One experiment: is something found in a primary metric, harm in a guardrail, safety in it, at any look? With a lift
 * only the first is asked, and it is over when that is found.
 */
function grow(random: Random, world: World, lift: number): boolean[] {
  const sizes = [world.units * (1 - world.share), world.units * world.share].map(Math.round);
  const arms = sizes.map((units, index) => join(random, units, world, index * lift));
  let clock: Clock | null = null;
  const claims = [false, false, false];
  for (let look = 0; look < world.looks && !(lift > 0 && claims[0]); look++) {
    for (const arm of arms) happenMore(random, arm, world.perLook);
    const moments = arms.map(momentsOf);
    const [c, t] = moments;
    if (!c || !t) continue;
    const unitVariance = (c.m2 / c.n) * (t.n / world.units) + (t.m2 / t.n) * (c.n / world.units);
    if (world.hasClock && unitVariance > 0) clock ??= { unitVariance };
    const error = Math.sqrt(c.m2 / c.n ** 2 + t.m2 / t.n ** 2);
    if (Math.abs(t.mean - c.mean) < LEAST_Z * error) continue;
    const metric = { kind: "mean" as const, arms: moments, direction: "increase" as const, clock: [clock] };
    const tails = world.hasClock ? { tails: tailsAt(world, (c.mean * c.n + t.mean * t.n) / world.units) } : {};
    const [primary, guardrail] = (["primary", "guardrail"] as const).map((role: MetricInput["role"]) =>
      analyseMetric({ ...metric, ...tails, role }, sequence(world.units)).comparisons.at(0),
    );
    if (primary && isFound(primary)) claims[0] = true;
    if (guardrail?.outcome === "worse") claims[1] = true;
    if (guardrail?.outcome === "better") claims[2] = true;
  }
  return claims;
}

/** One event a unit in two days for 90 days, read hourly; one a day for 30 days, read every two minutes. */
const hourly = { units: 800, perLook: 0.5 / 24, looks: 90 * 24, unlike: 0, share: 0.5, hasClock: true };
const often = { units: 400, perLook: 1 / 720, looks: 30 * 720, unlike: 0, share: 0.5, hasClock: true };
const worlds: World[] = [
  { ...hourly, name: "hourly for 90 days" },
  { ...hourly, name: "hourly for 90 days, units unlike", unlike: 1 },
  { ...hourly, name: "hourly for 90 days, 20 % treated", share: 0.2 },
  { ...often, name: "every two minutes for 30 days" },
];

/** Found, or not: in the primary metric. */
const powerWorld = (world: World, lift: number): GridWorld => ({
  name: `${world.name}, a lift of ${100 * lift} %`,
  cells: ["primary"],
  happens: (random) => grow(random, world, lift).slice(0, 1),
});

const gridWorld = (world: World, lift: number): GridWorld => ({
  name: world.name,
  cells: ["primary", "harm", "shown"],
  happens: (random) => grow(random, world, lift),
});

/** Values that go on growing after their units were counted: information grows without units. */
export const growing: Grid[] = [
  {
    name: "growing values",
    what: "false claims",
    level: ALPHA,
    promise: "at_most",
    worlds: worlds.map((world) => gridWorld(world, 0)),
    cost: 3,
  },
  {
    name: "growing values, information by units",
    what: "false claims",
    level: ALPHA,
    promise: "none",
    worlds: worlds.map((world) => gridWorld({ ...world, hasClock: false }, 0)),
    cost: 3,
  },
  {
    // 5.2 and 5.5 standard errors at the end, where the sequence asks for about 4.
    name: "growing values",
    what: "finds",
    level: 0.8,
    promise: "at_least",
    worlds: [
      powerWorld({ ...hourly, name: "hourly for 90 days" }, 0.055),
      powerWorld({ ...often, name: "every two minutes for 30 days" }, 0.1),
    ],
    cost: 3,
  },
];
