/** A part of a layer's line, in parts of 100,000: from (inclusive) to (exclusive). */
export interface Slot {
  from: number;
  to: number;
}

const LINE = 100_000;

/** The parts of the line that no slot takes, from the left. */
export function freeSlots(taken: readonly Slot[]): Slot[] {
  const free: Slot[] = [];
  let from = 0;
  for (const slot of [...taken].sort((a, b) => a.from - b.from)) {
    if (slot.from > from) free.push({ from, to: slot.from });
    from = Math.max(from, slot.to);
  }
  return from < LINE ? [...free, { from, to: LINE }] : free;
}

/** The first free slot of that size, or why there is none. Slots are never moved: that would move units. */
export function takeSlot(taken: readonly Slot[], size: number): Slot | { problem: string } {
  const free = freeSlots(taken);
  const fitting = free.find(({ from, to }) => to - from >= size);
  if (fitting) return { from: fitting.from, to: fitting.from + size };
  const percent = (parts: number) => `${Number((parts / 1_000).toFixed(3))} %`;
  const largest = Math.max(0, ...free.map(({ from, to }) => to - from));
  const all = free.reduce((sum, { from, to }) => sum + to - from, 0);
  const room =
    largest < all
      ? `${percent(all)} of it is free, at most ${percent(largest)} in one piece`
      : `${percent(all)} of it is free`;
  return {
    problem: `The layer has no room for ${percent(size)}: ${room}. Take a smaller share, or stop an experiment.`,
  };
}
