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
  for (const [id, before] of placements) placed.set(before, [...(placed.get(before) ?? []), id]);
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

/** Of these numbers, the places of a longest run that ascends: what can stay where it is while the others move. */
export function longestAscent(numbers: readonly number[]): Set<number> {
  const length: number[] = [];
  const previous: number[] = [];
  let last = -1;
  for (const [at, number] of numbers.entries()) {
    length[at] = 1;
    previous[at] = -1;
    for (let before = 0; before < at; before++) {
      if ((numbers[before] ?? 0) >= number || (length[before] ?? 0) < (length[at] ?? 0)) continue;
      length[at] = (length[before] ?? 0) + 1;
      previous[at] = before;
    }
    if (last === -1 || (length[at] ?? 0) > (length[last] ?? 0)) last = at;
  }
  const stay = new Set<number>();
  for (let at = last; at >= 0; at = previous[at] ?? -1) stay.add(at);
  return stay;
}
