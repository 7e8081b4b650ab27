const STEPS = [10, 30, 60, 300, 900, 3_600, 21_600];
const MOST_STEPS = 120;
const DAY = 86_400;

/**
 * Length of the series' steps, seconds: the shortest that draws a window of this length in at most 120 of them, and a
 * day for long ones, so that whole days are always among the looks.
 */
export function chooseStepSeconds(windowMs: number): number {
  return STEPS.find((step) => windowMs / (step * 1_000) <= MOST_STEPS) ?? DAY;
}
