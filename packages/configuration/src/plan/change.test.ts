import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSame } from "../equality.ts";
import { applyToPlan, diffPlan, type PlanInstruction } from "./change.ts";
import { mergePlan } from "./merge.ts";
import { type DraftPlan, type PlanMetric, readDraftPlan } from "./plan.ts";
import { describePlanChange, describePlanConflicts, listPlanChanges } from "./words.ts";

const chosen: fc.Arbitrary<PlanMetric> = fc.record({
  key: fc.constantFrom("a", "b", "c", "d"),
  role: fc.constantFrom("primary" as const, "secondary" as const, "guardrail" as const),
  minimumEffect: fc.constantFrom(null, 0.02),
  margin: fc.constantFrom(null, 0.05),
  absoluteMargin: fc.constantFrom(null, 3),
});
const prior = fc.record({ mean: fc.constantFrom(0, 0.1), sd: fc.constantFrom(0.1, 0.2) });
const settings = fc.record({ alpha: fc.constantFrom(0.01, 0.05), correct: fc.boolean(), prior }, { requiredKeys: [] });
const plans: fc.Arbitrary<DraftPlan> = fc.record({
  hypothesis: fc.constantFrom("", "Because.", "Why not."),
  metrics: fc.uniqueArray(chosen, { selector: ({ key }) => key }),
  settings,
  plannedUnits: fc.constantFrom(null, 1_000, 2_000),
});
const words = {
  nameSetting: (name: string) => name,
  describeValue: (_: string, value: unknown) => JSON.stringify(value) ?? "unset",
};
const describeChange = (before: DraftPlan, after: DraftPlan) => describePlanChange(before, after, words);

/** Everything that a plan says, each part by a name of its own; the order of metrics apart. */
function partsOf({ hypothesis, metrics, settings, plannedUnits }: DraftPlan): Map<string, unknown> {
  return new Map<string, unknown>([
    ["hypothesis", hypothesis],
    ["plannedUnits", plannedUnits],
    ...metrics.map((metric) => [`metric ${metric.key}`, metric] as const),
    ...Object.entries(settings),
  ]);
}
const ALL = ["hypothesis", "plannedUnits", "metric a", "metric b", "metric c", "metric d", "alpha", "correct", "prior"];
const differing = (a: DraftPlan, b: DraftPlan) =>
  ALL.filter((part) => !isSame(partsOf(a).get(part), partsOf(b).get(part)));
const orderIn = (plan: DraftPlan, ...others: DraftPlan[]) =>
  plan.metrics.map(({ key }) => key).filter((key) => others.every((one) => one.metrics.some((own) => own.key === key)));

describe("the laws of a plan's changes", () => {
  it("what differs, applied, makes the one of the other, and has its inverse", () => {
    fc.assert(
      fc.property(plans, plans, (before, after) => {
        const difference = diffPlan(before, after);
        const made = applyToPlan(before, difference);
        expect(made).toEqual(after);
        expect(applyToPlan(made, diffPlan(made, before))).toEqual(before);
        expect(difference.length === 0).toBe(isSame(before, after));
        expect(describeChange(before, after) === "Nothing changed.").toBe(isSame(before, after));
      }),
    );
  });

  it("a plan is the same as itself through JSON, whatever the order of its members", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { settings, metrics, ...rest } = plan;
        const turned = { settings: Object.fromEntries(Object.entries(settings).reverse()), metrics, ...rest };
        const stored = readDraftPlan(JSON.parse(JSON.stringify(turned)));
        expect(diffPlan(plan, stored)).toEqual([]);
        expect(stored).toEqual(plan);
        expect(diffPlan({ ...plan, settings: { ...settings, looks: undefined } }, plan)).toEqual([]);
      }),
    );
  });

  it("merging keeps both edits and names exactly the parts that both changed otherwise", () => {
    fc.assert(
      fc.property(plans, plans, plans, (base, mine, theirs) => {
        const { plan, conflicts } = mergePlan(base, mine, theirs);
        const [own, other] = [differing(base, mine), differing(base, theirs)];
        const both = own.filter((part) => other.includes(part) && differing(mine, theirs).includes(part));
        const moved = (by: DraftPlan) => !isSame(orderIn(base, mine, theirs), orderIn(by, base, mine, theirs));
        const isTorn =
          moved(mine) && moved(theirs) && !isSame(orderIn(mine, base, theirs), orderIn(theirs, base, mine));
        const named = conflicts.map((one) =>
          one.part === "metric" ? `metric ${one.metric}` : one.part === "setting" ? one.setting : one.part,
        );
        expect(named.sort()).toEqual([...both, ...(isTorn ? ["order"] : [])].sort());
        const merged = partsOf(plan);
        for (const part of ALL) expect(merged.get(part)).toEqual(partsOf(own.includes(part) ? mine : theirs).get(part));
        const winner = moved(mine) ? mine : theirs;
        if (both.length === 0) expect(orderIn(plan, base, mine, theirs)).toEqual(orderIn(winner, base, mine, theirs));
      }),
    );
  });

  it("merging edits of different parts never conflicts", () => {
    const isOf = (parts: readonly string[]) => (instruction: PlanInstruction) => {
      if (instruction.kind === "orderMetrics") return false;
      const [changed] = differing(applyToPlan(nothing, [instruction]), nothing);
      return changed === undefined || parts.includes(changed);
    };
    const nothing: DraftPlan = { hypothesis: "-", metrics: [], settings: {}, plannedUnits: -1 };
    fc.assert(
      fc.property(plans, plans, plans, fc.subarray(ALL), (base, one, another, ofMine) => {
        const rest = ALL.filter((part) => !ofMine.includes(part));
        const removals = (from: DraftPlan, parts: string[]) =>
          diffPlan(base, from).filter((own) =>
            own.kind === "removeMetric"
              ? parts.includes(`metric ${own.metric}`)
              : own.kind === "resetSetting"
                ? parts.includes(own.setting)
                : isOf(parts)(own),
          );
        const mine = applyToPlan(base, removals(one, ofMine));
        const theirs = applyToPlan(base, removals(another, rest));
        expect(mergePlan(base, mine, theirs).conflicts).toEqual([]);
      }),
    );
  });
});

describe("merging the order of metrics", () => {
  const of = (...keys: string[]): DraftPlan => ({
    hypothesis: "",
    settings: {},
    plannedUnits: null,
    metrics: keys.map((key) => ({ key, role: "primary", minimumEffect: null, margin: null, absoluteMargin: null })),
  });
  it.each([
    ["who moved wins over who added", ["a", "b"], ["a", "x", "b"], ["b", "a"], ["b", "a", "x"], 0],
    ["the same the other way round", ["a", "b"], ["b", "a"], ["a", "x", "b"], ["b", "a", "x"], 0],
    ["both added", ["a", "b"], ["a", "x", "b"], ["a", "y", "b"], ["a", "x", "b", "y"], 0],
    ["both moved alike", ["a", "b", "c"], ["c", "a", "b"], ["c", "a", "b"], ["c", "a", "b"], 0],
    ["both moved otherwise", ["a", "b", "c"], ["c", "a", "b"], ["b", "a", "c"], ["c", "a", "b"], 1],
  ])("%s", (_, base, mine, theirs, merged, conflicts) => {
    const result = mergePlan(of(...base), of(...mine), of(...theirs));
    expect(result.plan.metrics.map(({ key }) => key)).toEqual(merged);
    expect(result.conflicts).toEqual(conflicts === 0 ? [] : [{ part: "order" }]);
  });
});

describe("a plan's change in words", () => {
  it("has a line for every part", () => {
    const none = { minimumEffect: null, margin: null, absoluteMargin: null };
    const before: DraftPlan = {
      hypothesis: "",
      settings: { alpha: 0.05 },
      plannedUnits: null,
      metrics: [
        { key: "a", role: "primary", ...none },
        { key: "b", role: "guardrail", ...none, margin: 0.02 },
        { key: "c", role: "secondary", ...none },
      ],
    };
    const after: DraftPlan = {
      hypothesis: "Because.",
      settings: { looks: 3 },
      plannedUnits: 5_000,
      metrics: [
        { key: "d", role: "primary", ...none, minimumEffect: 0.03 },
        { key: "b", role: "guardrail", ...none, absoluteMargin: 4 },
        { key: "a", role: "primary", ...none },
      ],
    };
    expect(listPlanChanges(before, after, words)).toEqual([
      { kind: "changed", subject: "Hypothesis", before: '""', after: '"Because."' },
      { kind: "removed", subject: "Metric c", before: "secondary" },
      { kind: "added", subject: "Metric d", after: "primary, effect 3 %" },
      { kind: "changed", subject: "Metric b", before: "guardrail, margin 2 %", after: "guardrail, absolute margin 4" },
      { kind: "changed", subject: "Alpha", before: "0.05", after: "unset" },
      { kind: "changed", subject: "Looks", before: "unset", after: "3" },
      { kind: "changed", subject: "Planned units", before: "none", after: "5000" },
      { kind: "changed", subject: "Order of metrics", before: "a, b, c", after: "d, b, a" },
    ]);
  });

  it("names what two people both changed", () => {
    const conflicts = [
      ...[{ part: "hypothesis" as const }, { part: "plannedUnits" as const }, { part: "order" as const }],
      ...[
        { part: "metric" as const, metric: "a" },
        { part: "setting" as const, setting: "alpha" },
      ],
    ];
    expect(describePlanConflicts(conflicts, words)).toBe(
      "hypothesis, planned units, order of metrics, metric a, alpha",
    );
  });
});
