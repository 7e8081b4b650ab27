import { logNormalCdf, normalCdf } from "../../distributions/normal.ts";
import { LOG_RATIOS, logMeanExp } from "../ratios.ts";

/** Failing units that are to be expected while one share is in force, and what each adds to the evidence. */
export interface ExpectedStep {
  /** Expected failing units. */
  treated: number;
  control: number;
  /** What a treated failing unit adds to each of the log likelihoods, and one of the control. */
  byTreated: readonly number[];
  byControl: readonly number[];
}

/** What one failing unit adds to the log likelihood of each ratio, at a share of treated units and a limit. */
export function gainsOf(share: number, limit: number): Pick<ExpectedStep, "byTreated" | "byControl"> {
  const p0 = (share * limit) / (share * limit + 1 - share);
  const byControl = LOG_RATIOS.map((log) => -Math.log1p(p0 * Math.expm1(log)));
  return { byTreated: LOG_RATIOS.map((log, j) => log + (byControl[j] ?? 0)), byControl };
}

/** Counts at so many standard deviations from what is expected: (sqrt(mean) + u / 2)^2, normal to a good approximation. */
const countAt = (mean: number, u: number) => Math.max(0, Math.sqrt(mean) + u / 2) ** 2;

/** The evidence at a point u (two deviations a step). */
interface Point {
  value: number;
  gradient: number[];
  /** What one more treated failing unit adds. */
  jump: number;
}

function evidenceAt(steps: readonly ExpectedStep[], u: readonly number[]): Point {
  // Plain loops: this runs some thousand times for one answer.
  const counts = steps.flatMap(({ treated, control }, i) => {
    return [countAt(treated, u[2 * i] ?? 0), countAt(control, u[2 * i + 1] ?? 0)];
  });
  const gains = steps.flatMap(({ byTreated, byControl }) => [byTreated, byControl]);
  const sums = LOG_RATIOS.map((_, j) => {
    let sum = 0;
    for (let i = 0; i < counts.length; i++) sum += (counts[i] ?? 0) * (gains[i]?.[j] ?? 0);
    return sum;
  });
  const value = logMeanExp(sums);
  const weights = sums.map((sum) => Math.exp(sum - value) / sums.length);
  const slopes = gains.map((own) => {
    let slope = 0;
    for (let j = 0; j < weights.length; j++) slope += (weights[j] ?? 0) * (own[j] ?? 0);
    return slope;
  });
  let [all, jump] = [0, 0];
  for (const [i, { treated }] of steps.entries()) {
    all += treated;
    jump += treated * (slopes[2 * i] ?? 0);
  }
  return { value, gradient: slopes.map((slope, i) => slope * Math.sqrt(counts[i] ?? 0)), jump: jump / all };
}

const ROUNDS = 25;
const CLOSE = 1e-3;
/** No farther than this many deviations in one round. */
const STRIDE = 12;

/**
 * How many standard deviations the expected counts are beyond the counts nearest to them at which the evidence suffices
 * (the first-order reliability method of Hasofer & Lind 1974); negative where they are not there yet. Evidence comes in
 * jumps, a failing unit each, and passes what is needed by half of one: so half a jump more is asked for.
 */
function deviationsBeyond(steps: readonly ExpectedStep[], needed: number): number {
  let u: number[] = steps.flatMap(() => [0, 0]);
  const missing = (point: Point) => needed + point.jump / 2 - point.value;
  let point = evidenceAt(steps, u);
  const side = missing(point) > 0 ? -1 : 1;
  for (let round = 0; round < ROUNDS; round++) {
    const { gradient } = point;
    const steep = gradient.reduce((sum, x) => sum + x * x, 0);
    if (steep === 0) break;
    const along = (gradient.reduce((sum, x, i) => sum + x * (u[i] ?? 0), 0) + missing(point)) / steep;
    const next = gradient.map((x, i) => {
      return 0.5 * (u[i] ?? 0) + 0.5 * Math.max(-STRIDE, Math.min(STRIDE, along * x));
    });
    const moved = Math.max(...next.map((x, i) => Math.abs(x - (u[i] ?? 0))));
    u = next;
    if (moved < CLOSE) break;
    point = evidenceAt(steps, u);
  }
  return side * Math.hypot(...u);
}

/** What the mean of 32 ratios costs against the best of them, as log evidence, about. */
const MIXTURE = 1.5;

/**
 * Chance that the evidence has sufficed at any time until now: where it stands now, and by the reflection of a Brownian
 * motion with the drift of a likelihood ratio (Bachelier & Levy) how often it was there before and fell back.
 */
export function chanceFound(steps: readonly ExpectedStep[], needed: number): number {
  const beyond = deviationsBeyond(steps, needed);
  const barrier = needed + MIXTURE;
  const root = (Math.SQRT2 * beyond + Math.sqrt(2 * beyond * beyond + 4 * barrier)) / 2;
  const before = Math.exp(barrier + logNormalCdf(-(barrier + root * root) / (Math.SQRT2 * root)));
  return Math.min(1, normalCdf(beyond) + before);
}
