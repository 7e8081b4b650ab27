/** A stream of numbers in [0, 1) that depends on the seed only (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Shopper {
  context: { targetingKey: string; country: string; plan: string };
  /** In [0, 1): the person buys when it is below their probability. The same draw decides in either variant. */
  mood: number;
  /** What they would spend, euros. */
  basket: number;
}

const COUNTRIES = ["DE", "US", "FR", "GB", "NL", "DK", "SE", "PT"] as const;
const PLANS = ["free", "free", "free", "pro", "crew"] as const;

function pick<T>(list: readonly [T, ...T[]], at: number): T {
  return list[Math.floor(at * list.length)] ?? list[0];
}

/** Person number `index` of a run; every person takes four draws. */
export function drawPerson(run: string, index: number, random: () => number): Shopper {
  return {
    context: {
      targetingKey: `sim-${run}-${index}`,
      country: pick(COUNTRIES, random()),
      plan: pick(PLANS, random()),
    },
    mood: random(),
    basket: Math.round((20 + 180 * random()) * 100) / 100,
  };
}

/** The variant of `checkout-button` whose truth is the lift. */
export const TREATMENT = "promise";

/** Probability that somebody who got this variant buys; `base` and `lift` in percent. */
export function buyProbability(variant: string | undefined, truth: { base: number; lift: number }): number {
  const base = truth.base / 100;
  return variant === TREATMENT ? base * (1 + truth.lift / 100) : base;
}
