import { describe, expect, it } from "vitest";
import { analyse } from "../analyse.ts";
import { day, inputs, metric, type PlanOptions, planOf, steady } from "../fixtures.ts";
import type { PlannedMetric } from "../plan/plan.ts";
import type { AnalysisInputs } from "../result/snapshot.ts";

type Counts = Record<string, Record<string, [n: number, converted: number]>>;

/** The verdict on so many days of the same news, read at the end of the last of them unless `more` says otherwise. */
function verdict(
  metrics: PlannedMetric[],
  arms: Counts,
  days: number,
  options: PlanOptions,
  more: Partial<AnalysisInputs> = {},
) {
  const plan = planOf(metrics, { arms: Object.keys(arms), ...options });
  return analyse(inputs(plan, steady(days, arms), { days, ...more })).verdict;
}

const source = { event: "buy", where: [] };
const buy = metric("buy", { name: "Purchases", minimumEffect: 0.2 });
const within3 = metric("buy", {
  name: "Purchases",
  definition: { kind: "conversion", source, windowSeconds: 3 * 86_400 },
});
const same: Counts = { control: { buy: [200, 20] }, B: { buy: [200, 20] } };

describe("a fixed plan whose metric has a window", () => {
  const fixed = { method: "fixed", plannedUnits: 4_000 } as const;

  it("waits for the units and for the window of the last of them", () => {
    const found = verdict([within3], same, 5, fixed);
    // 2,000 units at 400 a day, and three days.
    expect(found).toMatchObject({ code: "keep_running", daysLeft: { low: 8, high: 8 } });
    expect(found.sentence).toBe(
      "Keep running: the result is read at the planned end, at 4,000 units, when the last of them have had their 3 days; 2,000 are in. That takes about 8 more days at the pace of the last days, their 3 days included.",
    );
    expect(verdict([buy], same, 5, fixed).daysLeft).toEqual({ low: 5, high: 5 });
  });

  it("says the moment once the units are in", () => {
    const found = verdict([within3], same, 11, fixed);
    expect(found).toMatchObject({ code: "keep_running", daysLeft: { low: 2, high: 2 } });
    expect(found.sentence).toMatch(
      /; 4,400 are in\. That is at 2026-11-14 00:00 UTC, when the last of the planned units have had their 3 days\.$/,
    );
    expect(verdict([within3], same, 13, fixed).sentence).toMatch(/^No decision: /);
  });
});

describe("a group sequential plan", () => {
  const group = { method: "group", plannedUnits: 10_000, looks: 5 } as const;

  it("waits for its next look, not for its end", () => {
    const found = verdict([buy], same, 6, group);
    expect(found).toMatchObject({ code: "keep_running", daysLeft: { low: 4, high: 4 } });
    expect(found.wouldChange).toEqual([
      "More units: about 1,600 are missing until look 2 of 5. In the last days 400 joined a day.",
    ]);
  });

  it("says when a look is read whose units are in, while its step is not over", () => {
    const to = day(4).replace("T00", "T09");
    // The fifth day, of which nine hours are over, has brought the second look's units.
    const found = verdict([buy], { control: { buy: [400, 40] }, B: { buy: [400, 40] } }, 5, group, {
      window: { from: day(0), to },
    });
    expect(found.sentence).toMatch(/ That is at 2026-11-06 00:00 UTC\.$/);
  });

  it("has nothing to wait for after its last look, and says so", () => {
    const found = verdict([{ ...buy, minimumEffect: 0.01 }], same, 30, group);
    expect(found).toMatchObject({ code: "keep_running", daysLeft: null });
    expect(found.sentence).toMatch(/^No decision: /);
    expect(found.sentence).not.toMatch(/takes|That is|more units/);
    expect(found.wouldChange).toEqual([
      "Nothing that this plan may read: by the method group no look is left. End the experiment.",
    ]);
  });

  const errors = metric("errors", { name: "Errors", role: "guardrail", direction: "decrease", margin: 0.02 });
  const open: Counts = {
    control: { buy: [1_000, 100], errors: [1_000, 200] },
    B: { buy: [1_000, 160], errors: [1_000, 201] },
  };

  it("says of a guardrail that it will not be shown where that takes more units than the plan has", () => {
    const found = verdict([buy, errors], open, 4, group);
    expect(found).toMatchObject({ code: "keep_running", variant: "B" });
    expect(found.sentence).toMatch(
      /it is shown at about [\d,]+ units, which are more than this plan has: it will not be shown\./,
    );
    // Then the end changes the verdict, to "Mixed".
    expect(found.daysLeft).toEqual({ low: 1, high: 1 });
    const sequence = verdict([buy, errors], open, 4, { plannedUnits: 10_000 });
    expect(sequence.sentence).toMatch(/it is shown at about [\d,]+ units\./);
  });
});

describe("a plan that has ended", () => {
  it("does not collect any more", () => {
    const few = { control: { buy: [5, 3] }, B: { buy: [5, 4] } } satisfies Counts;
    const own = { plannedUnits: 20_000 };
    expect(verdict([buy], few, 10, own).code).toBe("collecting");
    const ended = verdict([buy], few, 10, own, { status: "ended" });
    expect(ended).toMatchObject({ code: "keep_running", daysLeft: null });
    expect(ended.sentence).toBe("No decision: the smallest arm has 50 units, and nothing is said below 100.");
    const nobody: Counts = { control: { buy: [200, 0] }, B: { buy: [200, 0] } };
    expect(verdict([buy], nobody, 10, { method: "fixed", plannedUnits: 4_000 }).sentence).toBe(
      "No decision: no primary metric can be read: everybody did the same.",
    );
  });

  it("says of nothing that it may come yet", () => {
    const few = steady(1, { control: { buy: [5, 3] }, treatment: { buy: [5, 4] } });
    for (const moments of [{}, few]) {
      const { lastEvent: _, ...silent } = inputs(planOf([buy]), moments).moments;
      const found = { ...inputs(planOf([buy], { plannedUnits: 20_000 }), {}, { status: "ended" }), moments: silent };
      const { health, verdict: decided } = analyse(found);
      const said = [...health, decided, ...decided.reasons.map(({ finding }) => ({ sentence: finding }))];
      expect(said.map(({ sentence }) => sentence).filter((own) => /\byet\b|just started/.test(own))).toEqual([]);
    }
  });

  it("names what skewed values need beside what it has", () => {
    const sum = metric("buy", {
      name: "Revenue",
      definition: { kind: "sum", source, cap: { at: 1_000 } },
    });
    const plan = { ...planOf([sum], { method: "fixed", plannedUnits: 4_000 }) };
    const unlike = { ...plan, arms: [90_000, 10_000].map((parts, arm) => ({ variant: arm ? "B" : "control", parts })) };
    const told = steady(10, { control: { buy: [360, 0] }, B: { buy: [40, 0] } });
    const mean = (n: number) => ({ form: "mean" as const, n, mean: 2, m2: 400 * n, capped: 0, histogram: [] });
    const variants = told.variants.map((own) => ({ ...own, metrics: { buy: mean(own.units) } }));
    const series = told.series.map((own) => ({
      ...own,
      metrics: { buy: { n: own.units, y: 2 * own.units, yy: 404 * own.units } },
    }));
    const found = analyse(inputs(unlike, { series, variants }, { days: 10 })).verdict;
    expect(found.sentence).toMatch(
      /^No decision: .* It is read from about [\d,]+ units of both arms on, and this plan ends at 4,000 units of both\.$/,
    );
  });
});
