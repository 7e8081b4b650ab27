import { describe, expect, it } from "vitest";
import type { Totals } from "../series/cumulate.ts";
import { groupLooks } from "./group-looks.ts";

const totals = (...units: number[]): Totals[] =>
  units.map((own, index) => ({ at: String(index), units: [own, 0], metrics: [], endsDay: true }));
const plan = { plannedUnits: 1_000, looks: 5 };
const running = { isOver: () => true, hasEnded: false };

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
    const notYet = { ...running, isOver: (at: string) => Number(at) < 3 };
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

  it("without planned units, are the end only", () => {
    const open = { ...plan, plannedUnits: null };
    expect(groupLooks(totals(500, 900), open, running).fractions).toEqual([]);
    expect(groupLooks(totals(500, 900), open, { ...running, hasEnded: true }).fractions).toEqual([1]);
  });
});
