/** Uniform in [0, 1). */
export type Random = () => number;

/** mulberry32: the same numbers on every machine. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A standard normal number (Box & Muller 1958). */
export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A Poisson number with a small mean (Knuth). */
export function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean);
  let [count, product] = [0, random()];
  while (product > limit) {
    count += 1;
    product *= random();
  }
  return count;
}

/** So large a variance makes the normal approximation of a count as good as exact. */
const MANY = 1_000;
/** Rarer events are counted by the gaps between them. */
const RARE = 0.1;

/** How many of n do it, each with this chance. */
export function binomial(random: Random, n: number, chance: number): number {
  if (n * chance * (1 - chance) > MANY) return tossMany(random, n, chance);
  let count = 0;
  if (chance < RARE) {
    const step = Math.log1p(-chance);
    let at = Math.floor(Math.log(1 - random()) / step);
    for (; at < n; at += 1 + Math.floor(Math.log(1 - random()) / step)) count += 1;
    return count;
  }
  for (let i = 0; i < n; i++) if (random() < chance) count += 1;
  return count;
}

/** The same for large n, by the normal approximation. */
export function tossMany(random: Random, n: number, chance: number): number {
  return Math.round(n * chance + Math.sqrt(n * chance * (1 - chance)) * gaussian(random));
}

export function times<T>(n: number, make: (index: number) => T): T[] {
  return Array.from({ length: n }, (_, index) => make(index));
}
