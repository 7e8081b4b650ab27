import { logGamma } from "../distributions/gamma.ts";

/** Fewest and most of `runs` events that chance alone leaves within a central probability of `level`, exactly. */
export function binomialBand(runs: number, chance: number, level: number): { low: number; high: number } {
  const tail = (1 - level) / 2;
  const probability = (k: number) =>
    Math.exp(
      logGamma(runs + 1) -
        logGamma(k + 1) -
        logGamma(runs - k + 1) +
        k * Math.log(chance) +
        (runs - k) * Math.log1p(-chance),
    );
  let [low, below] = [0, probability(0)];
  while (below < tail) {
    low += 1;
    below += probability(low);
  }
  let [high, above] = [runs, probability(runs)];
  while (above < tail) {
    high -= 1;
    above += probability(high);
  }
  return { low, high };
}
