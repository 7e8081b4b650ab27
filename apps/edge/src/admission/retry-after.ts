/**
 * Whole seconds for `Retry-After`: at least `leastSeconds`, at most three times that and one more, drawn for each
 * answer, so that those who were sent away together do not come back together.
 */
export function retryAfter(leastSeconds: number, random: () => number = Math.random): string {
  return String(leastSeconds + Math.floor(random() * (2 * leastSeconds + 2)));
}
