/** Least information from look to look, a fraction of the whole: the nodes needed grow with its inverse. */
export const CLOSEST = 0.001;
/** Information that keeps up with the units to this share is theirs: what that does to the error is less than 0.1 %. */
const KEEPS_UP = 0.9;
/** Times are told to so much, downwards, so that boundaries are found again. */
const GRAIN = 100;

/**
 * When looks were taken by the clock of information, which says how alike two looks are; the error is spent by the
 * fractions of units, which the data do not move (Lan & DeMets 1989). Values that go on growing after a unit was counted
 * have less information early than there are units. `information` is that at each look, in any unit; null where it is not
 * known, and then the fractions stand for it. Looks are never taken for more alike than their units are.
 */
export function lookTimes(fractions: readonly number[], information: readonly number[] | null): readonly number[] {
  const [end, whole] = [fractions.at(-1) ?? 0, information?.at(-1) ?? 0];
  if (information?.length !== fractions.length || !information.every((own) => own > 0)) return fractions;
  let before = 0;
  return fractions.map((fraction, look) => {
    const share = (information[look] ?? 0) / whole;
    const isAlike = share >= (KEEPS_UP * fraction) / end;
    const own = isAlike ? fraction : Math.floor(GRAIN * share * end) / GRAIN;
    before = Math.min(fraction, Math.max(own, before + CLOSEST));
    return before;
  });
}
