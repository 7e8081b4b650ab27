import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plan, serve, servedAlong, servedBy, variant, weights } from "./fixtures.ts";
import { checkStart, DRAFT, growShare, type ReleaseState, ruleBaselineOf, serveOf, WHOLE } from "./index.ts";

describe("growShare", () => {
  it("gives the variant exactly the share, and leaves the line whole", () => {
    fc.assert(
      fc.property(weights, variant, fc.nat(WHOLE), (line, name, parts) => {
        const grown = growShare(line, name, parts);
        const has = line.find((one) => one.variant === name)?.parts ?? 0;
        expect(grown.find((one) => one.variant === name)?.parts).toBe(Math.max(has, parts));
        expect(grown.reduce((sum, one) => sum + one.parts, 0)).toBe(WHOLE);
        expect(new Set(grown.map((one) => one.variant)).size).toBe(grown.length);
      }),
    );
  });

  it("takes the variant from nobody, and gives nobody a third one", () => {
    fc.assert(
      fc.property(weights, variant, fc.nat(WHOLE), (line, name, parts) => {
        const before = servedAlong(line);
        const after = servedAlong(growShare(line, name, parts));
        const odd = before.findIndex((served, at) => after[at] !== served && after[at] !== name);
        expect(odd).toBe(-1);
      }),
      { numRuns: 50 },
    );
  });
});

/** Every state in which something of the release is served, from the first step to its end. */
function statesOf(steps: number): ReleaseState[] {
  const along = Array.from({ length: steps + 1 }, (_, step): ReleaseState => {
    return { ...DRAFT, status: step < steps ? "running" : "baking", step };
  });
  return [...along, { ...DRAFT, status: "completed", step: steps }];
}

describe("what is served", () => {
  it("grows from step to step: nobody who is served the variant loses it, and nobody goes back and forth", () => {
    fc.assert(
      fc.property(plan, serve, (made, before) => {
        const baseline = ruleBaselineOf(made, before, "flag");
        fc.pre(checkStart(made, baseline).length === 0);
        let last = servedBy(before);
        for (const state of statesOf(made.steps.length)) {
          const now = servedBy(serveOf(made, state, baseline));
          expect(now.findIndex((served, at) => served !== last[at] && served !== made.variant)).toBe(-1);
          last = now;
        }
        expect(last.every((served) => served === made.variant)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("keeps the same units out until the release is completed", () => {
    fc.assert(
      fc.property(plan, serve, (made, before) => {
        const baseline = ruleBaselineOf(made, before, "flag");
        fc.pre(checkStart(made, baseline).length === 0);
        const states = statesOf(made.steps.length).slice(0, -1);
        const out = (state: ReleaseState) =>
          servedBy(serveOf(made, state, baseline)).flatMap((served, at) => (served === made.variant ? [] : [at]));
        const kept = out(states.at(-1) ?? DRAFT);
        expect(kept.length).toBe(made.holdbackParts);
        for (const state of states) {
          const now = new Set(out(state));
          expect(kept.every((at) => now.has(at))).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("is the baseline before the start and after a rollback, and the same units come first again", () => {
    fc.assert(
      fc.property(plan, serve, (made, before) => {
        const baseline = ruleBaselineOf(made, before, "flag");
        for (const status of ["draft", "scheduled", "rolling_back", "rolled_back", "rollback_unverified"] as const) {
          expect(serveOf(made, { ...DRAFT, status, step: 0 }, baseline)).toEqual(before);
        }
        const first = (from: typeof baseline) => serveOf(made, { ...DRAFT, status: "running", step: 0 }, from);
        expect(first(ruleBaselineOf(made, before, "flag"))).toEqual(first(baseline));
      }),
    );
  });

  it("stays on the line that the rule splits by", () => {
    const split = { by: "accountId", salt: "mine", weights: [{ variant: "a", parts: WHOLE }] };
    const made = { strategy: "canary" as const, rule: "r1", variant: "b", by: "targetingKey" };
    const full = { ...made, steps: [{ parts: 10, holdSeconds: 1 }], holdbackParts: 0, bakeSeconds: 1 };
    const whole = { ...full, standbySeconds: 1, whenStalled: "tell" as const, guards: [], minUnits: 1 };
    const running = { ...DRAFT, status: "running" as const, step: 0 };
    expect(serveOf(whole, running, ruleBaselineOf(whole, { split }, "f"))).toMatchObject({
      split: { by: "accountId", salt: "mine" },
    });
    expect(serveOf(whole, running, ruleBaselineOf(whole, { variant: "a" }, "f"))).toMatchObject({
      split: { by: "targetingKey", salt: "f/r1" },
    });
  });

  it("is refused where the variant is served to everybody, or to as many as the first step", () => {
    const made = { steps: [{ parts: 10_000, holdSeconds: 1 }], holdbackParts: 0 };
    const checked = (before: number) => {
      const line = [
        { variant: "new", parts: before },
        { variant: "a", parts: WHOLE - before },
      ];
      const whole = { ...planFor(), ...made };
      return checkStart(whole, ruleBaselineOf(whole, { split: { by: "u", salt: "s", weights: line } }, "f")).length;
    };
    expect([0, 9_999, 10_000, WHOLE].map(checked)).toEqual([0, 0, 1, 1]);
  });
});

function planFor() {
  const times = { bakeSeconds: 1, standbySeconds: 1, holdbackParts: 0 };
  return {
    strategy: "canary" as const,
    rule: null,
    variant: "new",
    by: "u",
    steps: [],
    ...times,
    whenStalled: "tell" as const,
    guards: [],
    minUnits: 1,
  };
}
