import { describe, expect, it } from "vitest";
import { type AnalysisSettings, analyseMetric } from "../inference/analyse.ts";
import type { Comparison } from "../inference/result.ts";
import { decideVerdict, type VerdictFacts } from "./decide.ts";
import type { TreatmentFacts } from "./treatment.ts";

const settings: AnalysisSettings = { method: { kind: "sequence", plannedUnits: 20_000 }, alpha: 0.05 };

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
  return decideVerdict({
    health: [],
    units: { smallestArm: 10_000, minimum: 100 },
    readable: true,
    ended: false,
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
    });
    expect(verdict([primary(worse)])).toMatchObject({ code: "roll_back", treatment: 0, reasons: [{ code: "worse" }] });
    expect(verdict([primary(better, worse)])).toMatchObject({ code: "mixed", treatment: 0 });
    expect(verdict([primary(same)])).toMatchObject({
      code: "no_difference",
      reasons: [{ code: "within_smallest_effect", smallest: 0.2 }],
    });
    expect(verdict([primary(hopeful)])).toMatchObject({
      code: "keep_running",
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
    const late = verdict([primary(hopeful)], { ended: true });
    expect(late).toMatchObject({ code: "keep_running", reasons: [{ code: "ended_undecided" }, {}] });
    expect(verdict([primary(0)], { treatments: [] })).toMatchObject({
      code: "collecting",
      reasons: [{ code: "nothing_known" }],
    });
  });

  it("without an effect of interest never claims that there is no difference", () => {
    const open = { primary: [{ comparison: share(same), smallestEffect: null }], guardrails: [] };
    expect(verdict([open])).toMatchObject({ code: "keep_running", reasons: [{ code: "unclear" }] });
  });

  it("waits for the minimum of units before it says that a guardrail is broken, too", () => {
    const few = { units: { smallestArm: 99, minimum: 100 } };
    expect(verdict([guarded(primary(better), worse)], few)).toMatchObject({
      code: "collecting",
      reasons: [{ code: "too_few_units", units: 99, minimum: 100 }],
    });
  });

  it("ships only what is shown to do less harm than the margin", () => {
    expect(verdict([guarded(primary(better), same, 0.3)])).toMatchObject({
      code: "ship",
      reasons: [{ code: "better" }, { code: "guardrail_shown", margin: { relative: 0.3 } }],
    });
    const open = guarded(primary(better), same, 0.02);
    expect(verdict([open])).toMatchObject({
      code: "keep_running",
      treatment: 0,
      reasons: [{ code: "better" }, { code: "guardrail_not_shown" }],
    });
    expect(verdict([open], { ended: true })).toMatchObject({
      code: "mixed",
      wouldChange: [{ code: "decide_by_hand" }],
    });
    // Another winner whose guardrail is shown ships.
    expect(verdict([open, guarded(primary(better), same, 0.3)])).toMatchObject({ code: "ship", treatment: 1 });
  });

  it("does not decide while a guardrail's data have not come, unless harm is proven elsewhere", () => {
    const missing = guarded(primary(better), same, 0.3);
    const never = { ...missing, guardrails: missing.guardrails.map((own) => ({ ...own, isReceived: false })) };
    expect(verdict([never])).toMatchObject({
      code: "do_not_decide",
      reasons: [{ code: "guardrail_not_received", treatment: 0, metric: 0 }],
      wouldChange: [{ code: "data_received" }],
    });
    expect(verdict([never], { readable: false }).code).toBe("do_not_decide");
  });

  const tiny = (converted: number, smallestEffect = 0.2): TreatmentFacts => ({
    primary: [{ comparison: share(converted, "primary", 1_000_000), smallestEffect }],
    guardrails: [],
  });

  it("calls what is sure and matters to nobody too small, either way", () => {
    expect(verdict([tiny(103_000)])).toMatchObject({
      code: "too_small",
      treatment: 0,
      reasons: [{ code: "better_but_small", smallest: 0.2 }],
      wouldChange: [{ code: "decide_by_hand" }],
    });
    expect(verdict([tiny(97_000)])).toMatchObject({ code: "too_small", reasons: [{ code: "worse_but_small" }] });
    expect(verdict([tiny(103_000), primary(better)])).toMatchObject({ code: "ship", treatment: 1 });
    expect(verdict([tiny(103_000), primary(hopeful)]).code).toBe("keep_running");
    // As large as what matters is not smaller than it.
    expect(verdict([tiny(103_000, 0.03)]).code).toBe("ship");
  });

  it("says whether the best winner is told apart from the others, and of what was not compared that it is not", () => {
    const two = [primary(better), primary(better + 100)];
    const pair = { treatment: 1, other: 0, metric: 0 };
    const codes = (between?: VerdictFacts["between"]) => verdict(two, { between }).reasons.map(({ code }) => code);
    expect(codes()).toContain("not_told_apart");
    expect(codes([{ ...pair, comparison: share(better) }])).toContain("better_than");
    expect(codes([{ ...pair, comparison: share(same) }])).toContain("not_told_apart");
    expect(codes([{ treatment: 0, other: 1, metric: 0, comparison: share(better) }])).toContain("not_told_apart");
  });

  it("refuses a margin that is no number", () => {
    expect(() => verdict([guarded(primary(better), same, Number.NaN)])).toThrow(RangeError);
    const own = guarded(primary(better), same);
    const absolute = own.guardrails.map((one) => ({ ...one, absoluteMargin: Number.POSITIVE_INFINITY }));
    expect(() => verdict([{ ...own, guardrails: absolute }])).toThrow(RangeError);
  });
});
