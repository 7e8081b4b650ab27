/** Where a rule is placed: in front of another, or at the end (null). */
export type Placements = ReadonlyMap<string, string | null>;

/**
 * The order of rules once some of them were placed. The rules that were not placed stay as they are, and each placed one
 * stands in front of its anchor, wherever that goes. Of several in front of the same anchor, those that ask conditions
 * come first and then the smaller id, so that the order in which the placements were made does not matter.
 *
 * With r1, r2, r3: placing `a` before r2, and r3 before r1, gives r3, r1, a, r2.
 * @param ids the rules as they stand, those that are about to be removed among them: they can still be an anchor
 * @returns undefined where placed rules wait for one another in a circle
 */
export function placeRules(
  ids: readonly string[],
  placements: Placements,
  takesEverybody: (id: string) => boolean,
): string[] | undefined {
  const placed = new Map<string | null, string[]>();
  for (const [id, before] of placements) {
    const list = placed.get(before);
    if (list) list.push(id);
    else placed.set(before, [id]);
  }
  const rank = (id: string) => (takesEverybody(id) ? 1 : 0);
  for (const list of placed.values()) list.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const order: string[] = [];
  // What is in front of a rule comes before it: walked with a stack of its own, as a chain may be long.
  const open: { id: string | null; isReady: boolean }[] = [{ id: null, isReady: false }];
  for (const id of [...ids].reverse()) if (!placements.has(id)) open.push({ id, isReady: false });
  for (let next = open.pop(); next; next = open.pop()) {
    const { id, isReady } = next;
    if (isReady) {
      if (id !== null) order.push(id);
      continue;
    }
    open.push({ id, isReady: true });
    for (const other of [...(placed.get(id) ?? [])].reverse()) open.push({ id: other, isReady: false });
  }
  const expected = new Set([...ids, ...placements.keys()]).size;
  return order.length === expected ? order : undefined;
}

/**
 * Of these numbers, the places of a longest run that ascends: what can stay where it is while the others move. Of several
 * such runs, the one whose places come first, from its end backwards.
 *
 * Patience sorting: a pile for each length, of the places where a run of that length ends. Along a pile the numbers never
 * ascend, and from pile to pile the last ones never descend: where a number belongs is found by halving.
 */
export function longestAscent(numbers: readonly number[]): Set<number> {
  const piles: number[][] = [];
  /** By place: the place before it in its run, -1 at the beginning. */
  const previous: number[] = [];
  const numberAt = (place: number | undefined) => numbers[place ?? -1] ?? 0;
  for (const [at, number] of numbers.entries()) {
    const pile = firstWhere(piles.length, (index) => numberAt(piles[index]?.at(-1)) >= number);
    const shorter = piles[pile - 1] ?? [];
    previous.push(shorter[firstWhere(shorter.length, (index) => numberAt(shorter[index]) < number)] ?? -1);
    const own = piles[pile];
    if (own) own.push(at);
    else piles.push([at]);
  }
  const stay = new Set<number>();
  for (let at = piles.at(-1)?.[0] ?? -1; at >= 0; at = previous[at] ?? -1) stay.add(at);
  return stay;
}

/** The first of so many indexes that passes, where all behind one that passes do, too; `count` where none does. */
function firstWhere(count: number, passes: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
