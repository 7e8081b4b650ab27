import { describe, expect, it } from "vitest";
import { decideVerdict, type VerdictFacts } from "./decide.ts";
import { type GuardrailFacts, readGuardrail } from "./guardrail.ts";
import type { JudgedInterval, TreatmentFacts } from "./treatment.ts";

const bounded = (low: number, estimate: number, high: number): JudgedInterval => {
  return { state: "bounded", estimate, low, high };
};

type Outcome = "better" | "worse" | "unclear";

const interval: Record<Outcome, JudgedInterval> = {
  better: bounded(0.05, 0.1, 0.15),
  worse: bounded(-0.15, -0.1, -0.05),
  unclear: bounded(-0.2, 0.05, 0.3),
};

const comparison = (outcome: Outcome) => ({
  outcome,
  control: { value: 10 },
  treatment: { value: 10 },
  difference: interval[outcome],
  lift: interval[outcome],
});

function treatment(outcome: Outcome, guardrail?: Outcome, more: Partial<TreatmentFacts> = {}): TreatmentFacts {
  const guardrails: GuardrailFacts[] = guardrail
    ? [{ comparison: comparison(guardrail), margin: 0.02, direction: "increase" }]
    : [];
  return { primary: [{ comparison: comparison(outcome), smallestEffect: 0.02 }], guardrails, ...more };
}

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

describe("a verdict on several treatments", () => {
  it("rolls back what is broken, although another wins that cannot be shipped yet", () => {
    expect(verdict([treatment("better", "unclear"), treatment("unclear", "worse")])).toMatchObject({
      code: "roll_back",
    });
    expect(verdict([treatment("better"), treatment("unclear", "worse")])).toMatchObject({ code: "ship", treatment: 0 });
  });

  it("names what is worse, although the others go on", () => {
    const found = verdict([treatment("unclear"), treatment("worse")]);
    expect(found.code).toBe("keep_running");
    expect(found.reasons).toContainEqual(expect.objectContaining({ code: "worse", treatment: 1 }));
  });

  it("says nothing of a treatment without traffic, and waits for none", () => {
    const closed = treatment("unclear", "worse", { isClosed: true });
    expect(verdict([closed, treatment("better")])).toMatchObject({ code: "ship", treatment: 1 });
    expect(verdict([closed, treatment("worse")])).toMatchObject({ code: "roll_back", treatment: 1 });
  });
});

describe("a guardrail of which little is known", () => {
  const own = { margin: 0.05, direction: "decrease" } as const;

  it("is not known where neither arm has seen anything", () => {
    const none = { ...comparison("unclear"), control: { value: 0 }, treatment: { value: 0 } };
    const facts = { ...own, comparison: { ...none, difference: bounded(0, 0, 0) }, isSilent: true };
    expect(readGuardrail(facts).code).toBe("guardrail_unknown");
    expect(readGuardrail({ ...facts, absoluteMargin: 0.01 }).code).toBe("guardrail_unknown");
  });

  it("is not shown by the control's mean as it happens to stand, where the lift has no ends", () => {
    const lift: JudgedInterval = { state: "unbounded", estimate: 0.01 };
    const small = { ...comparison("unclear"), difference: bounded(-0.4, 0.1, 0.4), lift };
    expect(readGuardrail({ ...own, comparison: small }).code).toBe("guardrail_not_shown");
    expect(readGuardrail({ ...own, comparison: small, absoluteMargin: 0.5 }).code).toBe("guardrail_shown");
  });
});
