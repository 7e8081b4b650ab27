const MOST_STEPS = 200;
const CLOSE = 1e-15;

/**
 * The x >= 0 at which a decreasing log tail has fallen to `target`; 0 when it starts below. False position (Illinois)
 * between the squares of a bracket, in which log tails are nearly linear, with a bisection whenever it stalls.
 */
export function invertLogTail(logTail: (x: number) => number, target: number): number {
  const at = (square: number) => logTail(Math.sqrt(square)) - target;
  let [low, atLow] = [0, at(0)];
  if (!(atLow > 0)) return 0;
  let [high, atHigh] = [1, at(1)];
  while (atHigh > 0 && high < 1e300) [low, atLow, high, atHigh] = [high, atHigh, high * 4, at(high * 4)];
  const enough = CLOSE * Math.max(1, Math.abs(target));
  for (let step = 0; step < MOST_STEPS; step++) {
    const secant = low + ((high - low) * atLow) / (atLow - atHigh);
    const middle = step % 8 !== 7 && secant > low && secant < high ? secant : low + (high - low) / 2;
    if (!(middle > low && middle < high)) break;
    const value = at(middle);
    if (Math.abs(value) <= enough) return Math.sqrt(middle);
    if (value > 0) [low, atLow, atHigh] = [middle, value, atHigh / 2];
    else [high, atHigh, atLow] = [middle, value, atLow / 2];
  }
  return Math.sqrt(high);
}
