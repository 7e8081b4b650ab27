import fc from "fast-check";
import { expect, it } from "vitest";
import { freeSlots, type Slot, takeSlot } from "./slots.ts";

it("takes the first piece that fits, and says how much room there is when none does", () => {
  expect(takeSlot([], 30_000)).toEqual({ from: 0, to: 30_000 });
  const taken = [
    { from: 60_000, to: 90_000 },
    { from: 0, to: 30_000 },
  ];
  expect(takeSlot(taken, 30_000)).toEqual({ from: 30_000, to: 60_000 });
  expect(takeSlot(taken, 5_000)).toEqual({ from: 30_000, to: 35_000 });
  expect(takeSlot(taken, 35_000)).toEqual({
    problem: expect.stringContaining("no room for 35 %: 40 % of it is free, at most 30 % in one piece"),
  });
  expect(takeSlot([{ from: 0, to: 100_000 }], 1)).toEqual({ problem: expect.stringContaining("0 % of it is free") });
});

it("never lets two experiments overlap, whatever starts and stops", () => {
  const steps = fc.array(fc.oneof(fc.integer({ min: 1, max: 100_000 }), fc.constant("stop" as const)), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(steps, fc.nat(), (all, which) => {
      let running: Slot[] = [];
      for (const step of all) {
        if (step === "stop") running = running.filter((_, i) => i !== which % Math.max(1, running.length));
        else {
          const slot = takeSlot(running, step);
          if ("problem" in slot) expect(freeSlots(running).every(({ from, to }) => to - from < step)).toBe(true);
          else running = [...running, slot];
        }
        const line = [...running].sort((a, b) => a.from - b.from);
        for (const [i, slot] of line.entries()) {
          expect(slot.from).toBeGreaterThanOrEqual(line[i - 1]?.to ?? 0);
          expect(slot.to).toBeLessThanOrEqual(100_000);
        }
      }
    }),
  );
});
