import { checkLevel } from "./ratios.ts";

/** Error level of a whole release: at most one harmless release in a hundred is undone. */
export const RELEASE_ALPHA = 0.01;

/**
 * Error level of each of so many guards, so that all together alarm falsely in at most `alpha` of harmless releases
 * (Bonferroni). Count the guards that act (roll back or pause): a guard that starts anew at each step counts once for each
 * step. The number is fixed before the release starts. Throws RangeError for fewer than one guard or no error level.
 */
export function alphaOfEach(guards: number, alpha: number = RELEASE_ALPHA): number {
  checkLevel(alpha);
  if (!Number.isSafeInteger(guards) || guards < 1) throw new RangeError(`guards must be 1 or more, not ${guards}.`);
  return alpha / guards;
}
