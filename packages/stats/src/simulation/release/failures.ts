import { type FailureState, failureEvidence, observeFailures, startFailures } from "../../release/failures.ts";
import { binomial, gaussian, type Random, tossMany } from "../random.ts";
import type { Grid, GridWorld, Scenario } from "../scenario.ts";

/** Error level of a release's guards together. */
export const RELEASE = 0.01;

/** Seconds from look to look. */
const WINDOW = 5;

/** A guarded release whose truth is known. */
export interface GuardedWorld {
  unitsPerSecond: number;
  /** Share of the control's units that fail. */
  base: number;
  /** Failure rate of the treated by that of the control. */
  ratio: number;
  margin: number;
  /** Treated share at each look. */
  shares: readonly number[];
  /** How uneven the failure rate is in time: deviation of its logarithm from window to window. */
  burst?: number;
  /** Errors of a failing unit, each of which is counted. Default 1: units are counted. */
  errors?: number;
}

/** Shares of steps of equal length, look by look. */
export function stepped(shares: readonly number[], looks: number): number[] {
  return Array.from({ length: looks }, (_, look) => shares[Math.floor((look * shares.length) / looks)] ?? 0);
}

/** 1, 5, 25 and 50 %, ten minutes each. */
export const USUAL: readonly number[] = stepped([0.01, 0.05, 0.25, 0.5], (4 * 600) / WINDOW);

function toss(random: Random, n: number, chance: number): number {
  if (chance < 0.1) return binomial(random, n, chance);
  return Math.min(n, Math.max(0, tossMany(random, n, chance)));
}

/** The state at every look. */
function* watch(random: Random, world: GuardedWorld): Generator<FailureState> {
  const { unitsPerSecond, base, ratio, margin, shares, burst = 0, errors = 1 } = world;
  let state = startFailures({ margin });
  for (const share of shares) {
    const units = unitsPerSecond * WINDOW;
    const treatedExposed = toss(random, units, share);
    const controlExposed = units - treatedExposed;
    const rate = Math.min(1 / ratio, base * Math.exp(burst * gaussian(random) - (burst * burst) / 2));
    state = observeFailures(state, {
      treatedExposed,
      controlExposed,
      treatedFailing: errors * binomial(random, treatedExposed, rate * ratio),
      controlFailing: errors * binomial(random, controlExposed, rate),
    });
    yield state;
  }
}

/** Seconds until the guard is broken; Infinity where it never is. */
export function secondsUntilFound(random: Random, world: GuardedWorld, alpha: number): number {
  let seconds = 0;
  for (const state of watch(random, world)) {
    seconds += WINDOW;
    if (failureEvidence(state) >= -Math.log(alpha)) return seconds;
  }
  return Number.POSITIVE_INFINITY;
}

const LOOKS = 500;

const paths = {
  "1, 5, 25, 50 %": stepped([0.01, 0.05, 0.25, 0.5], LOOKS),
  "1 %": stepped([0.01], LOOKS),
  "5 %": stepped([0.05], LOOKS),
  "50, 2, 30, 10, 90 %": stepped([0.5, 0.02, 0.3, 0.1, 0.9], LOOKS),
};

function harmless(alpha: number, margin: number): GridWorld[] {
  return [0.001, 0.005, 0.05].flatMap((base) =>
    Object.entries(paths).map(([name, shares]) => {
      const world = { unitsPerSecond: 100, base, ratio: 1 + margin, margin, shares };
      return {
        name: `${100 * base} % fail`,
        cells: [`${name} treated`],
        happens: (random) => [Number.isFinite(secondsUntilFound(random, world, alpha))],
      };
    }),
  );
}

const bursts: GridWorld[] = [1, 2].map((burst) => ({
  name: `deviation of the log rate ${burst}`,
  cells: [""],
  happens: (random) => {
    const world = { unitsPerSecond: 100, base: 0.005, ratio: 1, margin: 0, shares: paths["1, 5, 25, 50 %"], burst };
    return [Number.isFinite(secondsUntilFound(random, world, RELEASE))];
  },
}));

const eightErrors: GridWorld = {
  name: "",
  cells: ["eight errors a failing unit"],
  happens: (random) => {
    const world = { unitsPerSecond: 100, base: 0.005, ratio: 1, margin: 0, shares: paths["1, 5, 25, 50 %"], errors: 8 };
    return [Number.isFinite(secondsUntilFound(random, world, RELEASE))];
  },
};

/** What counts as new of a unit that fails whenever it comes. */
type Counted = "once a release" | "once a step" | "every error";

/** A release without harm in which some units fail whenever they come: does it alarm? */
function alarmsByUnits(random: Random, units: number, counted: Counted): boolean {
  const places = Float64Array.from({ length: units }, random);
  const failed = new Set<number>();
  let [state, before] = [startFailures({ margin: 0 }), 0];
  for (const share of USUAL) {
    if (counted === "once a step" && share !== before) failed.clear();
    before = share;
    const window = { treatedFailing: 0, controlFailing: 0, treatedExposed: share, controlExposed: 1 - share };
    for (let come = binomial(random, units, 0.02); come > 0; come--) {
      const unit = Math.floor(random() * units);
      if (counted !== "every error" && failed.has(unit)) continue;
      failed.add(unit);
      if ((places[unit] ?? 0) < share) window.treatedFailing += 1;
      else window.controlFailing += 1;
    }
    // A unit that failed counts as exposed: so that shares stay what they are, there are many who do not fail.
    window.treatedExposed *= 1e6;
    window.controlExposed *= 1e6;
    state = observeFailures(state, window);
    if (failureEvidence(state) >= -Math.log(RELEASE)) return true;
  }
  return false;
}

function failingAlways(counted: Counted): GridWorld[] {
  return [200, 1_000, 4_000].map((units) => ({
    name: `${units} such units`,
    cells: [""],
    happens: (random) => [alarmsByUnits(random, units, counted)],
  }));
}

function falseAlarms(name: string, level: number, worlds: GridWorld[], promise: Scenario["promise"]): Grid {
  return { name, what: "false alarms", level, promise, worlds, cost: 4 };
}

/** Seconds in which half of the releases find harm of a ratio: units a second, ratio, seconds. */
const table = [
  [100, 10, 90],
  [100, 5, 280],
  [100, 2, 1_150],
  [1_000, 10, 15],
  [1_000, 5, 35],
  [1_000, 2, 330],
  [1_000, 1.5, 740],
] as const;

/** A guard of failing units: false alarms at any of 500 looks, and how soon harm is found. */
export const failureGuards: (Scenario | Grid)[] = [
  falseAlarms("release guard, no harm, 500 looks, alpha 0.01", 0.01, harmless(0.01, 0), "at_most"),
  falseAlarms("release guard, no harm, 500 looks, alpha 0.05", 0.05, harmless(0.05, 0), "at_most"),
  falseAlarms("release guard, harm of its margin, 500 looks", 0.01, harmless(0.01, 0.1), "at_most"),
  falseAlarms("release guard, failures in bursts", RELEASE, bursts, "at_most"),
  falseAlarms("release guard, units that always fail, once each", RELEASE, failingAlways("once a release"), "at_most"),
  falseAlarms("release guard, units that always fail, once a step", RELEASE, failingAlways("once a step"), "at_most"),
  falseAlarms("release guard, every error counted", RELEASE, [...failingAlways("every error"), eightErrors], "none"),
  ...table.map(([unitsPerSecond, ratio, seconds]): Scenario => {
    const world = { unitsPerSecond, base: 0.005, ratio, margin: 0, shares: USUAL };
    return {
      name: `release, harm x${ratio}, ${unitsPerSecond} units a second`,
      what: `found in ${seconds} s`,
      level: 0.5,
      promise: "at_least",
      happens: (random) => secondsUntilFound(random, world, RELEASE) <= seconds,
      cost: unitsPerSecond === 1_000 ? 4 : 2,
    };
  }),
];
