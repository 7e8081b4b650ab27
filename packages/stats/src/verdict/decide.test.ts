import { describe, expect, it } from "vitest";
import { analyseMetric, type Settings } from "../inference/analyse.ts";
import type { Comparison } from "../inference/result.ts";
import { decide, type VerdictFacts } from "./decide.ts";
import type { TreatmentFacts } from "./treatment.ts";

const settings: Settings = { method: { kind: "sequence", plannedUnits: 20_000 }, alpha: 0.05 };

function share(converted: number, role: "primary" | "guardrail" = "primary", n = 10_000): Comparison {
  const arms = [
    { n, converted: n / 10 },
    { n, converted },
  ];
  const [found] = analyseMetric({ kind: "conversion", arms, role, direction: "increase" }, settings).comparisons;
  if (!found) throw new Error("There should be a comparison.");
  return found;
}

const primary = (...converted: number[]): TreatmentFacts => ({
  primary: converted.map((count) => ({ comparison: share(count), smallestEffect: 0.2 })),
  guardrails: [],
});
const guarded = (facts: TreatmentFacts, converted: number, margin = 0): TreatmentFacts => ({
  ...facts,
  guardrails: [{ comparison: share(converted, "guardrail"), margin, direction: "increase" }],
});

function verdict(treatments: TreatmentFacts[], more: Partial<VerdictFacts> = {}) {
  return decide({
    health: [],
    units: { smallestArm: 10_000, minimum: 100 },
    readable: true,
    ended: false,
    progress: { units: 20_000, planned: 30_000, perDay: 3_000 },
    treatments,
    ...more,
  });
}

const [better, worse, same, hopeful] = [1_300, 700, 1_000, 1_090];

describe("verdict", () => {
  it("is one of seven, each with its reasons", () => {
    expect(verdict([primary(better)])).toEqual({
      code: "ship",
      treatment: 0,
      reasons: [{ code: "better", treatment: 0, metric: 0 }],
      wouldChange: [{ code: "guardrail_breach" }],
      daysLeft: null,
    });
    expect(verdict([primary(worse)])).toMatchObject({ code: "roll_back", treatment: 0, reasons: [{ code: "worse" }] });
    expect(verdict([primary(better, worse)])).toMatchObject({ code: "mixed", treatment: 0 });
    expect(verdict([primary(same)])).toMatchObject({
      code: "no_difference",
      reasons: [{ code: "within_smallest_effect", smallest: 0.2 }],
    });
    expect(verdict([primary(hopeful)])).toMatchObject({
      code: "keep_running",
      daysLeft: 4,
      reasons: [{ code: "may_reach_smallest_effect" }],
    });
    expect(verdict([primary(better)], { units: { smallestArm: 99, minimum: 100 } })).toMatchObject({
      code: "collecting",
    });
    expect(verdict([primary(better)], { health: ["split", "stale_data"] })).toMatchObject({
      code: "do_not_decide",
      reasons: [
        { code: "health", problem: "split" },
        { code: "health", problem: "stale_data" },
      ],
    });
  });

  it("a broken guardrail outranks a win, unless the harm is within the margin", () => {
    expect(verdict([guarded(primary(better), worse)])).toMatchObject({
      code: "roll_back",
      treatment: 0,
      reasons: [{ code: "guardrail_broken" }],
    });
    expect(verdict([guarded(primary(better), worse, 0.1)]).code).toBe("roll_back");
    expect(verdict([guarded(primary(better), worse, 0.9)]).code).toBe("ship");
    expect(verdict([guarded(primary(better), better)]).code).toBe("ship");
  });

  it("withholds primary metrics until they may be read, but not a broken guardrail", () => {
    expect(verdict([primary(better)], { readable: false })).toMatchObject({
      code: "keep_running",
      reasons: [{ code: "not_readable_yet" }],
    });
    expect(verdict([guarded(primary(better), worse)], { readable: false }).code).toBe("roll_back");
  });

  it("ships the best of several, and rolls one back while others are open", () => {
    expect(verdict([primary(better), primary(better + 100)])).toMatchObject({ code: "ship", treatment: 1 });
    expect(verdict([guarded(primary(hopeful), worse), primary(hopeful)])).toMatchObject({
      code: "roll_back",
      treatment: 0,
    });
    expect(verdict([guarded(primary(better), worse), primary(better)])).toMatchObject({ code: "ship", treatment: 1 });
    expect(verdict([primary(worse), primary(same)]).code).toBe("no_difference");
    expect(verdict([primary(worse), primary(worse)])).toMatchObject({ code: "roll_back", treatment: null });
  });

  it("says when the plan ended without a decision, and never invents a duration", () => {
    const late = verdict([primary(hopeful)], { ended: true, progress: { units: 40_000, planned: 30_000, perDay: 0 } });
    expect(late).toMatchObject({ code: "keep_running", daysLeft: null, reasons: [{ code: "ended_undecided" }, {}] });
    expect(verdict([primary(0)], { treatments: [] })).toMatchObject({
      code: "collecting",
      reasons: [{ code: "nothing_known" }],
    });
  });

  it("without an effect of interest never claims that there is no difference", () => {
    const open = { primary: [{ comparison: share(same), smallestEffect: null }], guardrails: [] };
    expect(verdict([open])).toMatchObject({ code: "keep_running", reasons: [{ code: "unclear" }] });
  });
});
