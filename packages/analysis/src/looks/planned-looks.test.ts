import { describe, expect, it } from "vitest";
import { DAY, day } from "../fixtures.ts";
import type { Totals } from "../series/cumulate.ts";
import { groupLooks as looksAt } from "./planned-looks.ts";

const totals = (...units: number[]): Totals[] =>
  units.map((own, index) => ({ at: day(index), units: [own, 0], metrics: [], endsDay: true }));
const plan = { plannedUnits: 1_000 as number | null, looks: 5 };
const running = { stepMs: DAY, to: Date.parse(day(100)), hasEnded: false };
type More = Partial<Parameters<typeof looksAt>[1]>;

/** Fractions, step and whether it is the last, as most tests ask. */
function groupLooks(own: Totals[], of: typeof plan, more: More) {
  const { fractions, step, isFinal } = looksAt(own, { ...of, ...running, ...more });
  return { fractions, step, isFinal };
}

describe("looks of a group sequential plan", () => {
  it("are at the end of the first step that reaches each of them, with the units there were", () => {
    expect(groupLooks(totals(100, 199), plan, running)).toEqual({ fractions: [], step: null, isFinal: false });
    expect(groupLooks(totals(100, 210, 300, 390), plan, running)).toEqual({
      fractions: [0.21],
      step: 1,
      isFinal: false,
    });
    expect(groupLooks(totals(100, 210, 300, 420, 500), plan, running)).toEqual({
      fractions: [0.21, 0.42],
      step: 3,
      isFinal: false,
    });
  });

  it("are one where a step reaches two, and none before the step is over", () => {
    expect(groupLooks(totals(100, 650, 700), plan, running)).toMatchObject({ fractions: [0.65], step: 1 });
    const notYet = { ...running, to: Date.parse(day(3)) };
    expect(groupLooks(totals(210, 300, 350, 420), plan, notYet)).toMatchObject({ fractions: [0.21] });
    expect(groupLooks(totals(210, 300, 350, 420), plan, running)).toMatchObject({ fractions: [0.21, 0.42] });
  });

  it("are read from the present moments when the last step is one", () => {
    expect(groupLooks(totals(100, 210), plan, running).step).toBeNull();
  });

  it("end with the planned units: more data are no further look", () => {
    const found = { fractions: [0.21, 1], step: 1, isFinal: true };
    expect(groupLooks(totals(210, 1_005, 2_000), plan, running)).toEqual(found);
    expect(groupLooks(totals(210, 1_005, 2_000), plan, { ...running, hasEnded: true })).toEqual(found);
  });

  it("end with the experiment, which spends the rest of the error", () => {
    const ended = { ...running, hasEnded: true };
    expect(groupLooks(totals(210, 450), plan, ended)).toEqual({
      fractions: [0.21, 0.45, 1],
      step: null,
      isFinal: true,
    });
    expect(groupLooks(totals(50), plan, ended)).toEqual({ fractions: [1], step: null, isFinal: true });
    expect(groupLooks([], plan, ended)).toEqual({ fractions: [1], step: null, isFinal: true });
  });

  it("are not taken right after another", () => {
    expect(groupLooks(totals(399, 401, 460), plan, running)).toMatchObject({ fractions: [0.399, 0.46], step: null });
    const ended = { ...running, hasEnded: true };
    expect(groupLooks(totals(970, 980), plan, ended)).toEqual({ fractions: [0.97], step: 0, isFinal: true });
  });

  it("stay where an earlier run took them, however long the steps are now", () => {
    const taken = looksAt(totals(100, 210, 300), { ...plan, ...running }).taken;
    expect(taken).toEqual([{ end: day(2).replace("Z", ".000Z"), fraction: 0.21 }]);
    const longer = { ...plan, ...running, before: taken };
    // By one long step, which would be one look at 0.9, or none of the first two.
    expect(looksAt(totals(390), longer)).toMatchObject({ fractions: [0.21], isKept: true, step: null });
    expect(looksAt(totals(390, 900, 950), longer)).toMatchObject({ fractions: [0.21, 0.9], isKept: false, step: 1 });
    expect(looksAt(totals(390), { ...longer, hasEnded: true })).toMatchObject({ fractions: [0.21, 1], isKept: false });
  });

  it("without planned units, are the end only", () => {
    const open = { ...plan, plannedUnits: null };
    expect(groupLooks(totals(500, 900), open, running).fractions).toEqual([]);
    expect(groupLooks(totals(500, 900), open, { ...running, hasEnded: true }).fractions).toEqual([1]);
  });
});
