import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { actOn, DRAFT, EXPOSED, nextMove, planOf, type ReleaseAt, type ReleasePlan, waitsOf } from "./index.ts";
import { judgeGuards, type Observed } from "./judge.ts";

const T0 = Date.UTC(2026, 10, 28);
const plan: ReleasePlan = {
  ...planOf("canary", { rule: null, variant: "on" }),
  steps: [
    { parts: 10_000, holdSeconds: 60 },
    { parts: 50_000, holdSeconds: 60 },
  ],
  guards: [
    { metric: "error", margin: 0, action: "roll back" },
    { metric: "latency", above: 500, margin: 0.1, action: "pause" },
    { metric: "rage", margin: 0, action: "tell" },
  ],
};
const at = (step: number) => ({ ...DRAFT, status: "running" as const, step, measuringSince: T0, since: T0 });
const seen = (metric: string, treated: number, control: number, step = 0): Observed => {
  return { metric, state: at(step), units: { treated, control }, treatedAt: treated > 0 ? T0 + 500 : null };
};
const exposed = seen(EXPOSED, 1_000, 9_000);
const running: ReleaseAt = { plan, state: at(0) };
const evidence = (...observed: Observed[]) => ({
  freeze: null,
  readBack: null,
  guards: judgeGuards(plan, [exposed, ...observed]),
});
const moveOn = (...observed: Observed[]) => nextMove(running, evidence(...observed), T0 + 1_000);
const statesOf = (...observed: Observed[]) =>
  judgeGuards(plan, observed).readings.map(({ state, reason }) => [state, reason]);

describe("guards", () => {
  it("roll back or pause by what they were planned to do, in the midst of a hold", () => {
    expect(moveOn(seen("error", 30, 30))).toMatchObject({ kind: "rolling_back" });
    expect(moveOn(seen("latency", 30, 30))).toMatchObject({ kind: "paused", to: { pause: { reason: "guard" } } });
    expect(moveOn(seen("rage", 30, 30))).toBeNull();
    expect(moveOn(seen("latency", 30, 30), seen("error", 30, 30))).toMatchObject({ kind: "rolling_back" });
    expect(moveOn(seen("error", 3, 27))).toBeNull();
  });

  it("roll a paused release back, too, and pause none twice", () => {
    const paused = { plan, state: { ...running.state, status: "paused" as const } };
    expect(nextMove(paused, evidence(seen("error", 30, 30)), T0)?.kind).toBe("rolling_back");
    expect(nextMove(paused, evidence(seen("latency", 30, 30)), T0)).toBeNull();
  });

  it("know a step by its own share: what is much at 10 % is nothing at 50 %", () => {
    const [half] = judgeGuards(plan, [exposed, seen("error", 30, 30, 1)]).readings;
    const [tenth] = judgeGuards(plan, [exposed, seen("error", 30, 30, 0)]).readings;
    expect([half?.state, tenth?.state]).toEqual(["undecided", "breached"]);
    expect(half?.effect).toBeCloseTo(1, 5);
    expect(tenth?.effect).toBeCloseTo(9, 5);
  });

  it("say the same of the same observations, in whichever pieces of a state they come", () => {
    const counts = fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(counts, (pieces) => {
        const apart = judgeGuards(plan, [exposed, ...pieces.map(([a, b]) => seen("error", a, b))]);
        const sum = (of: 0 | 1) => pieces.reduce((total, piece) => total + piece[of], 0);
        const whole = judgeGuards(plan, [exposed, seen("error", sum(0), sum(1))]);
        expect(apart.readings[0]?.logEvidence).toBeCloseTo(whole.readings[0]?.logEvidence ?? Number.NaN, 6);
        expect(apart.readings[0]?.state).toBe(whole.readings[0]?.state);
      }),
    );
  });
});

describe("what others changed", () => {
  it("is compared with nothing: what they serve, and to whom, is not the plan's", () => {
    const conflict = { from: "running", reason: "conflict", sentence: "" } as const;
    const edited: Observed = { ...seen("error", 500, 0), state: { ...at(0), status: "paused", pause: conflict } };
    expect(moveOn(edited)).toBeNull();
    expect(judgeGuards(plan, [exposed, edited]).readings[0]).toMatchObject({ treated: 0, control: 0 });
  });

  it("a breach that somebody let pass pauses no more, and takes back as ever where it is to", () => {
    const broken = evidence(seen("latency", 30, 30));
    const paused = nextMove(running, broken, T0 + 1_000);
    const resumed = actOn({ plan, state: paused?.to ?? at(0) }, { verb: "resume" }, T0 + 2_000);
    if (!("move" in resumed)) throw new Error("it was not resumed");
    expect(resumed.move.to.accepted).toEqual(["latency"]);
    expect(nextMove({ plan, state: resumed.move.to }, broken, T0 + 3_000)).toBeNull();
    const worse = evidence(seen("latency", 30, 30), seen("error", 30, 30));
    expect(nextMove({ plan, state: resumed.move.to }, worse, T0 + 3_000)?.kind).toBe("rolling_back");
  });
});

describe("no data is never a pass", () => {
  const late = T0 + 3_600_000;

  it("nor are units of the step before", () => {
    const second = { plan, state: { ...at(1), since: T0 + 1_000 } };
    expect(waitsOf(second, evidence(), late)).toEqual([{ code: "silence" }]);
    expect(nextMove(second, evidence(), late)).toBeNull();
    const again = { ...seen(EXPOSED, 1, 1, 1), treatedAt: T0 + 2_000 };
    expect(nextMove(second, evidence(again), late)?.kind).toBe("advanced");
  });

  it("nobody seen, one arm alone and an unread store hold a step that is over", () => {
    expect(statesOf()).toEqual(Array(3).fill(["unknown", "no_units"]));
    expect(statesOf(seen(EXPOSED, 5, 0))[0]).toEqual(["unknown", "no_control"]);
    expect(statesOf(seen(EXPOSED, 0, 5))[0]).toEqual(["unknown", "no_treated"]);
    expect(statesOf(seen(EXPOSED, 5, 5))[0]).toEqual(["undecided", "no_failures"]);
    for (const [guards, wait] of [
      [null, { code: "evidence" }],
      [judgeGuards(plan, []), { code: "units", have: 0, need: 100 }],
      [judgeGuards(plan, [seen(EXPOSED, 99, 9_000)]), { code: "units", have: 99, need: 100 }],
    ] as const) {
      const known = { freeze: null, readBack: null, guards };
      expect(waitsOf(running, known, late)).toEqual([wait]);
      expect(nextMove(running, known, late)).toBeNull();
    }
    expect(nextMove(running, evidence(), late)?.kind).toBe("advanced");
  });
});
