import type { ExperimentMoments } from "@telltale/events";
import { describe, expect, it } from "vitest";
import { analyse } from "../analyse.ts";
import { inputs, metric, type PlanOptions, planOf, steady } from "../fixtures.ts";
import type { PlannedMetric } from "../plan/plan.ts";

type Counts = Record<string, Record<string, [n: number, converted: number]>>;

interface Options extends PlanOptions {
  status?: "running" | "ended";
  days?: number;
  moments?: Partial<ExperimentMoments>;
}

/** Ten days (or as many as are said) of the same news. */
function verdict(metrics: PlannedMetric[], arms: Counts, options: Options = {}) {
  const { status = "running", days = 10, moments = {}, ...settings } = options;
  const plan = planOf(metrics, { plannedUnits: 20_000, arms: Object.keys(arms), ...settings });
  return analyse(inputs(plan, { ...steady(days, arms), ...moments }, { status, days })).verdict;
}

const findings = ({ reasons }: { reasons: { finding: string }[] }) => reasons.map(({ finding }) => finding);

const buy = metric("buy", { name: "Purchases", minimumEffect: 0.2 });
const refund = metric("refund", { name: "Refunds" });
const errors = metric("errors", { name: "Errors", role: "guardrail", direction: "decrease" });
const of = (converted: number, n = 1_000): { buy: [number, number] } => ({ buy: [n, converted] });
const with_ = (own: object, converted: number, key = "errors") => ({
  ...own,
  [key]: [1_000, converted] as [number, number],
});

describe("each of the seven verdicts, in words", () => {
  it("Ship", () => {
    const found = verdict([buy, errors], { control: with_(of(100), 50), B: with_(of(130), 50) });
    expect(found).toMatchObject({ code: "ship", variant: "B", daysLeft: null });
    expect(found.sentence).toBe(
      "Ship B: Purchases went up by 30 % (95 % interval 15.4 % to 46.8 %, p < 0.0001) and no guardrail is proven harmful.",
    );
    expect(findings(found)).toEqual([
      "B: Purchases went up by 30 % (95 % interval 15.4 % to 46.8 %, p < 0.0001), which is better.",
      expect.stringMatching(
        /^B: Errors did not move .*: no harm is proven, and this guardrail blocks only on proven harm/,
      ),
    ]);
    expect(found.reasons[0]).toMatchObject({
      rule: expect.stringMatching(/^A primary metric is better or worse when/),
      inputs: expect.arrayContaining([
        { name: "Control", value: "10 %" },
        { name: "Treatment", value: "13 %" },
        { name: "Error level", value: "5 %" },
      ]),
    });
    expect(found.wouldChange).toEqual([
      "A guardrail that breaks, or is no longer shown, while the experiment goes on.",
    ]);
    expect(verdict([buy], { control: of(100), B: of(130) }).sentence).not.toContain("guardrail");
  });

  it("Keep running, with the days that are left at this pace", () => {
    const found = verdict([buy], { control: of(100), B: of(109) }, { plannedUnits: 28_000 });
    expect(found).toMatchObject({ code: "keep_running", variant: null, daysLeft: { low: 4, high: 4 } });
    expect(found.sentence).toMatch(
      /^Keep running: Purchases went up by 9 % \(95 % interval .*\) in B, which is not decisive yet\. That takes about 4 more days at the pace of the last days\.$/,
    );
    expect(findings(found)[0]).toMatch(/: an effect of the 20 % that matters is still possible\.$/);
    expect(found.wouldChange).toEqual([
      "More units: about 8,000 are missing of the planned 28,000. In the last days 2,000 joined a day.",
    ]);
  });

  it("No decision, when the end has come: the code stays", () => {
    const found = verdict([buy], { control: of(100), B: of(109) }, { status: "ended" });
    expect(found).toMatchObject({ code: "keep_running", daysLeft: null });
    expect(found.sentence).toMatch(/^No decision: Purchases went up by 9 % .* in B, which is not decisive\.$/);
    expect(findings(found)[0]).toBe("The experiment has ended and its plan decides nothing.");
    expect(found.wouldChange[0]).toMatch(/^Nothing in these data: run a new experiment/);
    const small = { ...buy, minimumEffect: 0.05 };
    const fixed = verdict([small], { control: of(100), B: of(104) }, { method: "fixed" });
    expect(fixed).toMatchObject({ code: "keep_running", sentence: expect.stringMatching(/^No decision: /) });
    expect(findings(fixed)[0]).toBe("The planned end is reached and the plan decides nothing.");
    expect(fixed.wouldChange).toEqual([
      "Nothing that this plan may read: by the method fixed no look is left. End the experiment.",
    ]);
  });

  it("No difference", () => {
    const found = verdict([buy], { control: of(100), B: of(100) });
    expect(found).toMatchObject({ code: "no_difference", variant: null });
    expect(found.sentence).toMatch(
      /^No difference: Purchases did not move \(.*\) in B, so any effect is smaller than the 20 % that matters\.$/,
    );
    expect(found.wouldChange).toEqual(["A new and larger experiment that is planned for a smaller effect than 20 %."]);
  });

  it("Roll back, for a worse metric, a broken guardrail, or all", () => {
    const worse = verdict([buy], { control: of(100), B: of(70) });
    expect(worse).toMatchObject({ code: "roll_back", variant: "B" });
    expect(worse.sentence).toMatch(/^Roll back B: Purchases went down by 30 % /);
    const broken = verdict([buy, { ...errors, margin: 0.1 }], {
      control: with_(of(100), 50),
      B: with_(of(130), 90),
    });
    expect(broken.sentence).toMatch(/^Roll back B: the guardrail Errors went up by 80 % \(95 % interval \d/);
    expect(findings(broken)[0]).toMatch(/, which is harm beyond the 10 % that this guardrail bears\.$/);
    const all = verdict([buy], { control: of(100), B: of(70), C: of(60) });
    expect(all).toMatchObject({ code: "roll_back", variant: null });
    expect(all.sentence).toMatch(/^Roll back all: every treatment is worse or breaks a guardrail\. In B Purchases/);
  });

  it("bears harm within a guardrail's margin", () => {
    const arms = { control: with_(of(100), 50), B: with_(of(130), 60) };
    expect(verdict([buy, errors], arms).code).toBe("roll_back");
    expect(verdict([buy, { ...errors, margin: 0.5 }], arms).code).toBe("ship");
  });

  it("Mixed", () => {
    const found = verdict([buy, { ...refund, direction: "decrease" }], {
      control: with_(of(100), 50, "refund"),
      B: with_(of(130), 90, "refund"),
    });
    expect(found).toMatchObject({ code: "mixed", variant: "B" });
    expect(found.sentence).toMatch(
      /^Mixed: Purchases went up by 30 % \(.*\), but Refunds went up by 80 % \(.*\) in B\. Decide by hand/,
    );
  });

  it("Collecting, and what is missing", () => {
    expect(verdict([buy], { control: of(3, 5), B: of(4, 5) }).sentence).toBe(
      "Collecting: the smallest arm has 50 units, and nothing is said below 100. That takes about 10 more days at the pace of the last days.",
    );
    expect(verdict([buy], { control: of(0, 0), B: of(0, 0) }, { plannedUnits: null })).toMatchObject({
      code: "collecting",
      sentence: "Collecting: nobody was exposed to a variant yet.",
    });
    expect(verdict([errors], { control: with_({}, 5), B: with_({}, 5) }, { plannedUnits: null }).sentence).toBe(
      "Collecting: the plan has no primary metric, so there is nothing to decide by.",
    );
    expect(verdict([buy], { control: of(0), B: of(0) }, { plannedUnits: null }).sentence).toBe(
      "Collecting: no primary metric can be read: everybody did the same.",
    );
  });

  it("Do not decide yet, which hides a win", () => {
    const found = verdict([buy], { control: of(100), B: of(130) }, { moments: { severalVariants: 9_000 } });
    expect(found).toMatchObject({ code: "do_not_decide", variant: null });
    expect(found.sentence).toMatch(/^Do not decide yet: 9,000 units \(31 %\) saw several variants/);
    expect(found.wouldChange).toEqual(["The verdict comes back when no check fails any more."]);
    const over = { moments: { severalVariants: 9_000 }, status: "ended" } as const;
    expect(verdict([buy], { control: of(100), B: of(130) }, over).sentence).toMatch(/^Do not decide: 9,000 units/);
    const stale = verdict([buy], { control: of(100), B: of(130) }, { moments: { lastEvent: "2026-11-02T00:00:00Z" } });
    expect(stale.code).toBe("ship");
  });
});

describe("when primary metrics may be read", () => {
  const arms = { control: of(100), B: of(130) };

  it("sequence: at any time", () => {
    expect(verdict([buy], arms, { plannedUnits: 100_000 }).code).toBe("ship");
  });

  it("fixed: at the planned end", () => {
    const early = verdict([buy], arms, { method: "fixed", plannedUnits: 30_000 });
    expect(early).toMatchObject({ code: "keep_running", daysLeft: { low: 5, high: 5 } });
    expect(early.sentence).toBe(
      "Keep running: the result is read at the planned end, at 30,000 units; 20,000 are in. That takes about 5 more days at the pace of the last days.",
    );
    expect(findings(early)).toEqual([
      "Primary metrics are read once, at the planned end, at 30,000 units; 20,000 units are in.",
    ]);
    expect(verdict([buy], arms, { method: "fixed", plannedUnits: 20_000 }).code).toBe("ship");
    expect(verdict([buy], arms, { method: "fixed", plannedUnits: null }).sentence).toBe(
      "Keep running: the result is read at the end of the experiment; 20,000 are in. How long that takes cannot be said yet.",
    );
    expect(verdict([buy], arms, { method: "fixed", plannedUnits: null, status: "ended" }).code).toBe("ship");
  });

  it("group: from the first look on", () => {
    const early = verdict([buy], arms, { method: "group", plannedUnits: 200_000 });
    expect(early.sentence).toBe(
      "Keep running: the next reading is look 1 of 5, at 40,000 units; 20,000 are in. That takes about 10 more days at the pace of the last days.",
    );
    expect(verdict([buy], arms, { method: "group", plannedUnits: 40_000 }).code).toBe("ship");
    expect(verdict([buy], arms, { method: "group", plannedUnits: 200_000, status: "ended" }).code).toBe("ship");
  });

  it("a broken guardrail: at any time by any method", () => {
    const own = { control: with_(of(100), 50), B: with_(of(130), 90) };
    for (const method of ["fixed", "group"] as const) {
      expect(verdict([buy, errors], own, { method, plannedUnits: 900_000 }).code).toBe("roll_back");
    }
  });
});

describe("a plan of one side", () => {
  const one = { sides: "one", method: "fixed" } as const;
  const small = { ...buy, minimumEffect: 0.02 };

  it("ships what two sides leave open, and names its test", () => {
    const arms = { control: of(1_000, 10_000), B: of(1_075, 10_000) };
    const options = { days: 1, plannedUnits: 20_000 };
    expect(verdict([small], arms, { ...options, method: "fixed" }).code).toBe("keep_running");
    const found = verdict([small], arms, { ...options, ...one });
    expect(found).toMatchObject({ code: "ship", variant: "B" });
    expect(found.sentence).toBe("Ship B: Purchases went up by 7.5 % (90 % interval 0.4 % to 15.1 %, p = 0.041).");
    expect(found.reasons[0]?.rule).toMatch(/one-sided p \(fixed\).*never finds a primary metric worse/);
  });

  it("never rolls back for a primary metric, and does for a guardrail", () => {
    expect(verdict([buy], { control: of(100), B: of(50) }, one).code).toBe("keep_running");
    const arms = { control: with_(of(100), 50), B: with_(of(50), 90) };
    expect(verdict([buy, errors], arms, one).code).toBe("roll_back");
  });

  it("still says that an effect is smaller than what matters, or that there is none", () => {
    const much = { ...buy, minimumEffect: 0.3 };
    expect(verdict([much], { control: of(1_000, 10_000), B: of(1_100, 10_000) }, one).code).toBe("too_small");
    expect(verdict([buy], { control: of(1_000, 10_000), B: of(990, 10_000) }, one).code).toBe("no_difference");
  });

  it("compares winners on both sides", () => {
    const arms = { control: of(1_000, 10_000), B: of(1_300, 10_000), C: of(1_385, 10_000) };
    const found = verdict([buy], arms, { ...one, plannedUnits: 30_000, days: 1 });
    expect(found.sentence).toMatch(/^Ship C: .* It is not told apart from B, which is better than the control too\.$/);
  });
});
