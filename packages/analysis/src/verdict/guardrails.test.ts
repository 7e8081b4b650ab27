import type { ExperimentMoments, MetricMoments } from "@telltale/events";
import { describe, expect, it } from "vitest";
import { analyse } from "../analyse.ts";
import { arm, day, inputs, metric, type PlanOptions, planOf, share } from "../fixtures.ts";
import type { AnalysisPlan, PlannedMetric } from "../plan/plan.ts";

const buy = metric("buy", { name: "Purchases" });
const errors = metric("errors", { name: "Errors", role: "guardrail", direction: "decrease", margin: 0.05 });
const paying = metric("paying", { name: "Paying customers", role: "guardrail", margin: 0.02 });

type Arms = Record<string, Record<string, MetricMoments>>;
interface Options extends PlanOptions {
  status?: "running" | "ended";
  moments?: Partial<ExperimentMoments>;
  plan?: Partial<AnalysisPlan>;
}

/** The verdict on arms of so many units each, all of the first day, read ten days later. */
function judge(metrics: PlannedMetric[], arms: Arms, options: Options = {}) {
  const { status = "running", moments = {}, plan: changed = {}, ...settings } = options;
  const plan = { ...planOf(metrics, { plannedUnits: 1_000_000, arms: Object.keys(arms), ...settings }), ...changed };
  const variants = Object.entries(arms).map(([variant, own]) => arm(variant, own));
  const series = variants.map(({ variant, units }) => ({ at: day(0), variant, units, metrics: {} }));
  const { verdict, metrics: results, health } = analyse(inputs(plan, { variants, series, ...moments }, { status }));
  const guardrails = results.flatMap(({ comparisons }) =>
    comparisons.flatMap(({ guardrail }) => guardrail?.state ?? []),
  );
  return { ...verdict, guardrails, health };
}

const better = { control: share(20_000, 2_000), B: share(20_000, 2_600) };
const mean = (n: number, value: number, sd: number): MetricMoments => {
  return { form: "mean", n, mean: value, m2: sd * sd * (n - 1), capped: 0, histogram: [] };
};

describe("a guardrail breaks by the difference, whatever the lift is", () => {
  it("with a control of 0: 1,000 errors of 20,000 against none", () => {
    const found = judge([buy, errors], {
      control: { buy: better.control, errors: share(20_000, 0) },
      B: { buy: better.B, errors: share(20_000, 1_000) },
    });
    expect(found).toMatchObject({ code: "roll_back", variant: "B", guardrails: ["broken"] });
  });

  it("with a mean of 0, and with net revenue of 0.02 that falls to -2", () => {
    const history = { from: day(-14), to: day(0), units: 9_000, value: 1, unitVariance: 1, skewness: 1 };
    const net = (from: number, to: number, direction: "increase" | "decrease") => {
      const revenue = metric("net", {
        name: "Net revenue",
        role: "guardrail",
        direction,
        margin: 0.05,
        history,
        definition: { kind: "sum", source: { event: "pay", where: [] } },
      });
      return judge([buy, revenue], {
        control: { buy: better.control, net: mean(20_000, from, 5) },
        B: { buy: better.B, net: mean(20_000, to, 5) },
      });
    };
    expect(net(0.02, -2, "increase")).toMatchObject({ code: "roll_back", guardrails: ["broken"] });
    expect(net(0, 2, "decrease")).toMatchObject({ code: "roll_back", guardrails: ["broken"] });
  });

  it("an absolute margin asks in the metric's own unit", () => {
    const rare = { ...errors, margin: 0, absoluteMargin: 0.01 };
    const arms = (count: number) => ({
      control: { buy: better.control, errors: share(20_000, 4) },
      B: { buy: better.B, errors: share(20_000, count) },
    });
    expect(judge([buy, rare], arms(5))).toMatchObject({ code: "ship", guardrails: ["shown"] });
    expect(judge([buy, rare], arms(400))).toMatchObject({ code: "roll_back", guardrails: ["broken"] });
  });
});

describe("unknown is never fine", () => {
  it("no data of a guardrail: do not decide yet, and what to check", () => {
    const found = judge(
      [buy, paying],
      { control: { buy: better.control }, B: { buy: better.B } },
      { moments: { events: { buy: 4_600, paying: 0 } } },
    );
    expect(found).toMatchObject({ code: "do_not_decide", guardrails: ["not_received"] });
    expect(found.sentence).toMatch(
      /^Do not decide yet: no event of Paying customers has arrived since the start\. Check/,
    );
  });

  it("data from one arm only", () => {
    const found = judge([buy, errors], {
      control: { buy: better.control, errors: share(20_000, 300) },
      B: { buy: better.B, errors: share(20_000, 0) },
    });
    expect(found).toMatchObject({ code: "do_not_decide" });
    expect(found.sentence).toMatch(/no event of Errors has arrived from B, while other arms send it/);
    expect(found.health.filter(({ state }) => state === "alarm").map(({ check }) => check)).toEqual(["missing_rows"]);
  });

  it("one arm without events is a result where they are rare", () => {
    const found = judge([buy, errors], {
      control: { buy: better.control, errors: share(20_000, 4) },
      B: { buy: better.B, errors: share(20_000, 0) },
    });
    expect(found.code).not.toBe("do_not_decide");
  });

  it("proven harm outranks missing data of another guardrail", () => {
    const found = judge(
      [buy, errors, paying],
      {
        control: { buy: better.control, errors: share(20_000, 100) },
        B: { buy: better.B, errors: share(20_000, 900) },
      },
      { moments: { events: { buy: 4_600, errors: 1_000, paying: 0 } } },
    );
    expect(found).toMatchObject({ code: "roll_back", variant: "B" });
  });
});

describe("ship needs every guardrail with a margin shown", () => {
  /** A screener: fewer sign-ups, which is good, and perhaps fewer paying customers by more than the margin. */
  const undecided = {
    control: { buy: better.control, paying: share(20_000, 1_000) },
    B: { buy: better.B, paying: share(20_000, 985) },
  };

  it("waits while it is open, and says from how many units on", () => {
    const found = judge([buy, { ...paying, margin: 0.05 }], undecided);
    expect(found).toMatchObject({ code: "keep_running", variant: "B", guardrails: ["not_shown"] });
    expect(found.sentence).toMatch(/^Keep running: Purchases went up by 30 % .* in B, but a guardrail is not shown\./);
    expect(found.sentence).toMatch(/at 95 % the harm is at most \d+\.?\d* %, and only 5 % is borne: not shown\./);
    expect(found.sentence).toMatch(/If its value stays, it is shown at about [\d,]+ units\./);
    expect(found.reasons.at(-1)?.rule).toMatch(/^Ship needs this guardrail shown to do less harm than 5 %/);
  });

  it("is mixed where the plan ends with it not shown", () => {
    const found = judge([buy, paying], undecided, { method: "fixed", plannedUnits: 40_000, status: "ended" });
    expect(found).toMatchObject({ code: "mixed", variant: "B" });
    expect(found.sentence).toMatch(/^Mixed: guardrail not shown\. Purchases went up by 30 %/);
  });

  it("ships when it is shown, by the plan's own test at its end", () => {
    const arms = {
      control: { buy: share(600_000, 60_000), paying: share(600_000, 30_000) },
      B: { buy: share(600_000, 66_000), paying: share(600_000, 30_050) },
    };
    const fixed = { method: "fixed", plannedUnits: 1_200_000, status: "ended" } as const;
    const found = judge([buy, paying], arms, fixed);
    expect(found).toMatchObject({ code: "ship", variant: "B", guardrails: ["shown"] });
    expect(found.sentence).toMatch(/ and every guardrail is shown to keep its margin\.$/);
    // A sequence, which may be read at any time, asks for more.
    expect(judge([buy, paying], arms).guardrails).toEqual(["not_shown"]);
  });

  it("a margin of 0 blocks only on proven harm, and is named so", () => {
    const found = judge([buy, { ...paying, margin: 0 }], undecided);
    expect(found).toMatchObject({ code: "ship", guardrails: ["no_harm"] });
    expect(found.reasons.at(-1)?.rule).toMatch(/^This guardrail blocks only on proven harm/);
  });

  it("a plan that was frozen before keeps the rule that it froze", () => {
    const found = judge([buy, paying], undecided, { plan: { guardrails: "proven_harm" } });
    expect(found).toMatchObject({ code: "ship", guardrails: ["no_harm"] });
  });

  it("waits for the minimum of units as primary metrics do", () => {
    const few = {
      control: { buy: share(90, 9), errors: share(90, 1) },
      B: { buy: share(90, 12), errors: share(90, 60) },
    };
    expect(judge([buy, errors], few)).toMatchObject({ code: "collecting" });
  });
});

describe("an effect that matters", () => {
  it("is said to be smaller than what matters, for better and for worse", () => {
    const small = { ...buy, minimumEffect: 0.05 };
    const by = (converted: number) =>
      judge([small], { control: { buy: share(4_000_000, 2_000_000) }, B: { buy: share(4_000_000, converted) } });
    expect(by(2_010_000)).toMatchObject({ code: "too_small", variant: "B" });
    expect(by(2_010_000).sentence).toMatch(/^Better, but less than matters: Purchases went up by 0\.5 % /);
    expect(by(1_990_000)).toMatchObject({ code: "too_small", variant: "B" });
    expect(by(1_990_000).sentence).toMatch(/^Worse, but less than matters: /);
    expect(by(2_200_000)).toMatchObject({ code: "ship" });
  });

  it("compares winners with each other", () => {
    const arms = (b: number, c: number) => ({
      control: { buy: share(20_000, 2_000) },
      B: { buy: share(20_000, b) },
      C: { buy: share(20_000, c) },
    });
    const tied = judge([buy], arms(2_600, 2_620));
    expect(tied).toMatchObject({ code: "ship", variant: "C" });
    expect(tied.sentence).toMatch(/It is not told apart from B, which is better than the control too\.$/);
    const apart = judge([buy], arms(2_500, 3_200));
    expect(apart.sentence).not.toMatch(/told apart/);
    expect(apart.reasons.map(({ finding }) => finding)).toContain("C is better than B in Purchases.");
  });
});
