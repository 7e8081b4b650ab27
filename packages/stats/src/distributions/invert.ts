/** The x >= 0 at which a decreasing log tail (0 at x = 0) has fallen to `target`, by bracketing and bisection. */
export function invertLogTail(logTail: (x: number) => number, target: number): number {
  let low = 0;
  let high = 1;
  while (logTail(high) > target && high < 1e150) {
    low = high;
    high *= 2;
  }
  for (let i = 0; i < 200; i++) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    if (logTail(middle) > target) low = middle;
    else high = middle;
  }
  return high;
}
