import { sequentialSplit } from "../../split/sequential-split.ts";
import { splitCheck } from "../../split/split-check.ts";
import { type Random, tossMany } from "../random.ts";
import { ALPHA, LOOKS, type Scenario } from "../scenario.ts";

const PER_LOOK = 60_000;

/** Counts of two arms at 20 looks, until `isAlarm` says so. */
function watched(random: Random, share: number, isAlarm: (counts: [number, number]) => boolean): boolean {
  let [control, all] = [0, 0];
  for (let look = 0; look < LOOKS; look++) {
    all += PER_LOOK;
    control += tossMany(random, PER_LOOK, share);
    if (isAlarm([control, all - control])) return true;
  }
  return false;
}

function anytime(alpha: number): (counts: [number, number]) => boolean {
  return (counts) => sequentialSplit(counts, [1, 1], { alpha }).state === "alarm";
}

/** Share of the control when the treatment loses one in a hundred users. */
const LEAK = 1 / 1.99;

/** 50 : 50, looked at 20 times, 60,000 users apart. */
export const splits: Scenario[] = [
  {
    name: "split, sequential at 0.05, 20 looks",
    what: "false alarms",
    level: ALPHA,
    promise: "at_most",
    happens: (random) => watched(random, 0.5, anytime(ALPHA)),
  },
  {
    name: "split, sequential at 0.001, 20 looks",
    what: "false alarms",
    level: 0.001,
    promise: "at_most",
    happens: (random) => watched(random, 0.5, anytime(0.001)),
  },
  {
    name: "split, chi-square at 0.001, read 20 times",
    what: "false alarms",
    level: 0.001,
    promise: "none",
    happens: (random) => watched(random, 0.5, (counts) => splitCheck(counts, [1, 1]).state === "alarm"),
  },
  {
    name: "one in 100 users lost by an arm, 1,200,000 in all",
    what: "finds",
    level: 0.8,
    promise: "at_least",
    happens: (random) => watched(random, LEAK, anytime(0.001)),
  },
];
