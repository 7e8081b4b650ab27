import { describe, expect, it } from "vitest";
import { type GuardrailFacts, readGuardrail } from "./guardrail.ts";
import type { JudgedInterval } from "./treatment.ts";

const bounded = (low: number, estimate: number, high: number): JudgedInterval => {
  return { state: "bounded", estimate, low, high };
};
const gone = (reason: string): JudgedInterval => ({ state: "unknown", estimate: null, reason });

function facts(difference: JudgedInterval, lift: JudgedInterval, more: Partial<GuardrailFacts> = {}): GuardrailFacts {
  const comparison = { outcome: "unclear" as const, control: { value: 10 }, difference, lift };
  return { comparison, margin: 0.05, direction: "increase", ...more };
}

const read = (...args: Parameters<typeof facts>) => readGuardrail(facts(...args));

describe("what is known of a guardrail", () => {
  const unknownLift: JudgedInterval = { state: "unbounded", estimate: -0.3 };

  it("is read off the lift where it has ends", () => {
    const difference = bounded(-1, 0, 1);
    expect(read(difference, bounded(-0.2, -0.1, -0.051)).code).toBe("guardrail_broken");
    expect(read(difference, bounded(-0.2, -0.1, -0.049)).code).toBe("guardrail_not_shown");
    expect(read(difference, bounded(-0.049, 0, 0.1)).code).toBe("guardrail_shown");
    expect(read(difference, bounded(-0.05, 0, 0.1)).code).toBe("guardrail_not_shown");
    expect(read(difference, bounded(0.051, 0.1, 0.2), { direction: "decrease" }).code).toBe("guardrail_broken");
  });

  it("one end says what it can: harm, or no harm beyond the margin, and without the end of harm nothing is unproven", () => {
    const only = (low: number | null, high: number | null): JudgedInterval => {
      return { state: "one_sided", estimate: (low ?? high ?? 0) / 2, low, high };
    };
    const [harmed, open] = [only(null, -0.051), only(null, 0.1)];
    const safe = only(-0.04, null);
    expect([harmed, open, safe].map((own) => read(own, own).code)).toEqual([
      "guardrail_broken",
      "guardrail_not_shown",
      "guardrail_shown",
    ]);
    expect([open, safe].map((own) => read(own, own, { margin: 0 }).code)).toEqual([
      "guardrail_no_harm",
      "guardrail_unknown",
    ]);
  });

  it("is read off the difference against so much of the control's mean where the lift has none", () => {
    expect(read(bounded(-3, -2, -0.51), unknownLift).code).toBe("guardrail_broken");
    expect(read(bounded(-3, -2, -0.49), unknownLift).code).toBe("guardrail_not_shown");
    const zero = { outcome: "worse" as const, control: { value: 0 }, difference: bounded(0.04, 0.05, 0.06) };
    const own = { ...facts(zero.difference, gone("zero_baseline"), { direction: "decrease" }) };
    expect(readGuardrail({ ...own, comparison: { ...zero, lift: gone("zero_baseline") } }).code).toBe(
      "guardrail_broken",
    );
    // Nothing is a fraction of nothing: without an absolute margin it cannot be shown.
    const none = { ...zero, difference: bounded(-0.001, 0, 0.001), lift: gone("zero_baseline") };
    expect(readGuardrail({ ...own, comparison: none }).code).toBe("guardrail_not_shown");
    expect(readGuardrail({ ...own, comparison: none, absoluteMargin: 0.01 })).toMatchObject({
      code: "guardrail_shown",
      margin: { absolute: 0.01 },
    });
  });

  it("an absolute margin asks the difference only", () => {
    const own = { absoluteMargin: 0.5 };
    expect(read(bounded(-0.4, 0, 0.4), bounded(-9, 0, 9), own).code).toBe("guardrail_shown");
    expect(read(bounded(-0.9, -0.7, -0.51), bounded(-0.01, 0, 0.01), own).code).toBe("guardrail_broken");
    expect(read(gone("out_of_range"), bounded(-0.01, 0, 0.01), own).code).toBe("guardrail_unknown");
  });

  it("unknown is never fine, and data that never came are that; harm that was found stays found", () => {
    expect(read(gone("not_enough_data"), gone("not_enough_data")).code).toBe("guardrail_unknown");
    expect(read(gone("too_skewed"), gone("too_skewed")).code).toBe("guardrail_unknown");
    expect(read(gone("no_data"), gone("no_data")).code).toBe("guardrail_not_received");
    const isReceived = false;
    expect(read(bounded(-1, 0, 1), bounded(-0.01, 0, 0.01), { isReceived }).code).toBe("guardrail_not_received");
    expect(read(bounded(-1, 0, 1), bounded(-0.2, -0.1, -0.06), { isReceived }).code).toBe("guardrail_broken");
  });

  it("a margin of 0, and plans of the older rule, block on proven harm only", () => {
    const lift = bounded(-0.04, 0, 0.04);
    expect(read(bounded(-1, 0, 1), lift, { margin: 0 }).code).toBe("guardrail_no_harm");
    expect(read(bounded(-1, 0, 1), bounded(-0.4, 0, 0.4), { needs: "no_harm" }).code).toBe("guardrail_no_harm");
    expect(read(bounded(-1, 0, 1), bounded(-0.4, -0.1, -0.01), { margin: 0 }).code).toBe("guardrail_broken");
    expect(read(gone("not_enough_data"), gone("x"), { margin: 0 }).code).toBe("guardrail_unknown");
  });

  it("says by how many times the units must grow, and nothing where the value itself is beyond the margin", () => {
    // The hopeless end lies 0.1 from the estimate, the margin 0.05: four times the units.
    expect(read(bounded(-1, 0, 1), bounded(-0.1, 0, 0.1)).times).toBeCloseTo(4, 9);
    expect(read(bounded(-1, 0, 1), bounded(-0.2, -0.06, 0.1)).times).toBeNull();
  });
});
