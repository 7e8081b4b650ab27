/**
 * The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (arXiv 2103.06476): an interval
 * that holds at every look at once, however often and whenever one looks.
 */
export interface Sequence {
  alpha: number;
  /** Users of both arms at which the interval is tightest; fixed before the start. */
  plannedUnits: number;
  /** `one`: against one direction only (guardrails). */
  sides: "one" | "two";
}

/** q = n rho^2, with rho chosen so that the interval is tightest at the planned size. */
function weight(n: number, { alpha, plannedUnits, sides }: Sequence): number {
  const level = Math.log(sides === "one" ? Math.min(2 * alpha, 0.999) : alpha);
  return (n / plannedUnits) * (-2 * level + Math.log(1 - 2 * level));
}

/** Half-width in standard errors at n users, for the level `at` (the sequence's own unless it was corrected). */
export function sequenceMultiplier(n: number, sequence: Sequence, at: number): number {
  const q = weight(n, sequence);
  const half = 0.5 * Math.log1p(q);
  const bits = sequence.sides === "two" ? half - Math.log(at) : Math.log1p(Math.exp(half) / (2 * at));
  return Math.sqrt(2 * (1 + 1 / q) * bits);
}

/**
 * log of the always-valid p at z standard errors: the level at which the interval touches 0. For one side z is positive
 * in the direction that is tested; the other direction has p = 1.
 */
export function logSequenceP(z: number, n: number, sequence: Sequence): number {
  const q = weight(n, sequence);
  const size = Math.min(Math.abs(z), 1e150);
  const evidence = (size * size) / (2 * (1 + 1 / q));
  const half = 0.5 * Math.log1p(q);
  if (sequence.sides === "two") return Math.min(0, half - evidence);
  if (z <= 0) return 0;
  const logExpm1 = evidence > 30 ? evidence + Math.log1p(-Math.exp(-evidence)) : Math.log(Math.expm1(evidence));
  return Math.min(0, half - Math.LN2 - logExpm1);
}
