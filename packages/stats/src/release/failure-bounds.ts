import type { FailureState } from "./failures.ts";
import { LOG_RATIOS, logMeanExp } from "./ratios.ts";

/** log of rate ratios, by the limit, at which the state knows the log likelihood: below it, itself, above it. */
const NODES: readonly number[] = [...LOG_RATIOS.map((log) => -log).reverse(), 0, ...LOG_RATIOS];
const LIMIT_AT = LOG_RATIOS.length;
const TOP = NODES.length - 1;

const nodeAt = (index: number) => NODES[Math.min(TOP, Math.max(0, index))] ?? 0;

/** Index of the last node that is not above x. */
function nodeBefore(x: number): number {
  let [low, high] = [0, TOP];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (nodeAt(middle) <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The log likelihood of any ratio between the outermost nodes, by the cubic through the four nodes around it: its fourth
 * derivative is at most an eighth of the failing units, so that it is off by less than 1e-6 of them, and a bound by less
 * than 0.3 %, however many there are.
 */
function interpolate(values: readonly number[], x: number): number {
  const first = Math.min(TOP - 3, Math.max(0, nodeBefore(x) - 1));
  let sum = 0;
  for (let i = first; i < first + 4; i++) {
    let weight = 1;
    for (let k = first; k < first + 4; k++) if (k !== i) weight *= (x - nodeAt(k)) / (nodeAt(i) - nodeAt(k));
    sum += weight * (values[i] ?? 0);
  }
  return sum;
}

/**
 * log of the evidence against a ratio as null, by alternatives on one side of it (1: above). Alternatives beyond the
 * outermost nodes count as none at all, which makes bounds wider, never wrong.
 */
function evidenceAgainst(values: readonly number[], at: number, side: 1 | -1): number {
  const null0 = interpolate(values, at);
  const alternatives = LOG_RATIOS.map((log) => at + side * log).filter((x) => x >= nodeAt(0) && x <= nodeAt(TOP));
  if (alternatives.length === 0) return Number.NEGATIVE_INFINITY;
  const gains = alternatives.map((x) => interpolate(values, x) - null0);
  return logMeanExp(gains, LOG_RATIOS.length - gains.length);
}

/** Halvings of the gap of two nodes: to a ten thousandth of a ratio. */
const ROUNDS = 12;

/** The last ratio that is refuted, coming from the far side of `side`; null where none is. As log ratio by the limit. */
function bound(values: readonly number[], needed: number, side: 1 | -1, from: number): number | null {
  const isRefuted = (x: number) => evidenceAgainst(values, x, side) >= needed;
  let index = from;
  while (index >= 0 && index <= TOP && !isRefuted(nodeAt(index))) index -= side;
  if (index < 0 || index > TOP) return null;
  let [refuted, open] = [nodeAt(index), nodeAt(index + side)];
  for (let round = 0; round < ROUNDS; round++) {
    const middle = (refuted + open) / 2;
    if (isRefuted(middle)) refuted = middle;
    else open = middle;
  }
  return refuted;
}

/** Bounds of a rate ratio; null where there is none yet, or where it lies beyond 50 times the limit or a 50th of it. */
export interface RatioBounds {
  low: number | null;
  high: number | null;
}

/**
 * A confidence sequence of the rate ratio: the ratios that the guard's own test does not refute, so that `low` reaches
 * the limit exactly when the guard is broken. Each end is a bound at alpha that holds at every look at once; both
 * together hold with 1 - 2 alpha.
 */
export function ratioBounds(state: FailureState, alpha: number): RatioBounds {
  const values = [...state.safetySums.toReversed(), 0, ...state.sums];
  const needed = -Math.log(alpha);
  const isBroken = logMeanExp(state.sums) >= needed;
  const isSafe = logMeanExp(state.safetySums) >= needed;
  const low = bound(values, needed, 1, isBroken ? TOP : LIMIT_AT - 1);
  const high = bound(values, needed, -1, isSafe ? 0 : LIMIT_AT + 1);
  return {
    low: low === null ? null : state.limit * Math.exp(low),
    high: high === null ? null : state.limit * Math.exp(high),
  };
}
