import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plan, twoSteps } from "./fixtures.ts";
import {
  type Act,
  actOn,
  DRAFT,
  exposedParts,
  isOffered,
  lookAgainAt,
  type Move,
  nextMove,
  RELEASE_STATUSES,
  type ReleaseAt,
  type ReleaseEvidence,
  releasePlanSchema,
  STALLED_MS,
  VERBS,
  type Verb,
  waitsOf,
} from "./index.ts";

const NOTHING: ReleaseEvidence = { freeze: null, readBack: null, guards: null };
const T0 = Date.UTC(2026, 10, 28);
const SECOND = 1_000;

const verb = fc.constantFrom(...(Object.keys(VERBS) as Verb[]));
function actBy(name: Verb): Act {
  if (name === "start") return { verb: name, at: null };
  if (name === "pause") return { verb: name, reason: "user", sentence: "" };
  return name === "rollback" ? { verb: name, sentence: "harm" } : { verb: name };
}

function done(release: ReleaseAt, act: Act, now: number): ReleaseAt {
  const acted = actOn(release, act, now);
  if ("refusal" in acted) throw new Error(acted.refusal);
  return { ...release, state: acted.move.to };
}

function stepped(release: ReleaseAt, evidence: ReleaseEvidence, now: number): ReleaseAt {
  const move = nextMove(release, evidence, now);
  return move ? { ...release, state: move.to } : release;
}

/** A life of a release: people act and the worker looks, at moments that may even go back. */
const life = fc.array(
  fc.record({
    after: fc.integer({ min: -3_600, max: 86_400 }),
    act: fc.option(verb, { nil: undefined }),
    isFrozen: fc.boolean(),
    isBaseline: fc.option(fc.boolean(), { nil: undefined }),
  }),
  { maxLength: 60 },
);

type Moment = (typeof life extends fc.Arbitrary<infer M> ? M : never)[number];

function live(release: ReleaseAt, moments: Moment[], told: (move: Move, before: ReleaseAt, moment: Moment) => void) {
  let [at, now] = [release, T0];
  for (const moment of moments) {
    now += moment.after * SECOND;
    const { act, isFrozen, isBaseline } = moment;
    const freeze = isFrozen ? { until: now + SECOND, reason: "sale" } : null;
    const readBack = isBaseline === undefined ? null : { isBaseline, detail: "" };
    const acted = act ? actOn(at, actBy(act), now) : undefined;
    const move = acted ? ("move" in acted ? acted.move : null) : nextMove(at, { freeze, readBack, guards: null }, now);
    if (!move) continue;
    told(move, at, moment);
    at = { ...at, state: move.to };
  }
}

const exposed = (release: ReleaseAt) => exposedParts(release.plan, release.state) ?? 0;

describe("a release's life", () => {
  it("serves more only by a step of the plan, one at a time, and less only by a rollback", () => {
    fc.assert(
      fc.property(plan, life, (made, moments) => {
        live({ plan: made, state: DRAFT }, moments, (move, before) => {
          const after = { ...before, state: move.to };
          if (exposed(after) < exposed(before)) expect(move.kind).toBe("rolling_back");
          if (exposed(after) > exposed(before)) {
            expect(["started", "advanced", "completed"]).toContain(move.kind);
            expect(move.to.step - before.state.step).toBe(move.kind === "completed" ? 0 : 1);
          }
        });
      }),
    );
  });

  it("makes by itself no step in a freeze, before its time, or without the approval that it needs", () => {
    fc.assert(
      fc.property(plan, life, (made, moments) => {
        live({ plan: made, state: DRAFT }, moments, (move, before, { act, isFrozen }) => {
          if (exposed({ ...before, state: move.to }) <= exposed(before)) return;
          const step = before.plan.steps[before.state.step];
          if (step?.isApprovalNeeded) expect(before.state.approvedStep).toBe(before.state.step);
          if (!act) expect(isFrozen).toBe(false);
        });
      }),
    );
  });

  it("does nothing while it is paused, and nothing more when it is over", () => {
    fc.assert(
      fc.property(plan, life, (made, moments) => {
        live({ plan: made, state: DRAFT }, moments, (move, before, { act }) => {
          const { status } = before.state;
          if (status === "paused") expect(act !== undefined || move.kind === "stalled").toBe(true);
          expect(["cancelled", "decommissioned", "rolled_back"]).not.toContain(status);
        });
      }),
    );
  });

  it("can be rolled back whenever something of it is served", () => {
    for (const status of RELEASE_STATUSES) {
      const state = { ...DRAFT, status, step: 0 };
      const isServed = exposedParts(twoSteps().plan, state) !== null && status !== "decommissioned";
      if (isServed) expect(isOffered("rollback", status)).toBe(true);
    }
  });
});

describe("nextMove", () => {
  const started = () => done(twoSteps(), { verb: "start", at: null }, T0);

  it("goes on when the hold is over, and not before", () => {
    const release = started();
    expect(nextMove(release, NOTHING, T0 + 59_999)).toBeNull();
    expect(lookAgainAt(release, T0 + 10 * SECOND)).toBe(T0 + 60 * SECOND);
    expect(nextMove(release, NOTHING, T0 + 60_000)?.kind).toBe("advanced");
  });

  it("makes one step however late it is", () => {
    const late = stepped(started(), NOTHING, T0 + 86_400_000);
    expect(late.state).toMatchObject({ status: "running", step: 1, measuringSince: T0 + 86_400_000 });
  });

  it("does not count the time of a pause", () => {
    const paused = done(started(), { verb: "pause", reason: "user", sentence: "" }, T0 + 20 * SECOND);
    const resumed = done(paused, { verb: "resume" }, T0 + 3_600 * SECOND);
    expect(nextMove(resumed, NOTHING, T0 + (3_600 + 39) * SECOND)).toBeNull();
    expect(nextMove(resumed, NOTHING, T0 + (3_600 + 40) * SECOND)?.kind).toBe("advanced");
  });

  it("waits for an approval, which counts for one step, and which an edit of others takes away", () => {
    const second = stepped(started(), NOTHING, T0 + 60 * SECOND);
    const later = T0 + 600 * SECOND;
    expect(waitsOf(second, NOTHING, later)).toEqual([{ code: "approval" }]);
    const approved = done(second, { verb: "approve" }, later);
    expect(nextMove(approved, NOTHING, later)?.to).toMatchObject({ status: "baking", step: 2, approvedStep: null });
    const edited = done(approved, { verb: "pause", reason: "conflict", sentence: "" }, later);
    expect(waitsOf(done(edited, { verb: "resume" }, later), NOTHING, later)).toEqual([{ code: "approval" }]);
  });

  it("waits for the end of a freeze", () => {
    const freeze = { until: T0 + 3_600 * SECOND, reason: "sale" };
    const evidence = { ...NOTHING, freeze };
    expect(nextMove(started(), evidence, T0 + 120 * SECOND)).toBeNull();
    expect(waitsOf(started(), evidence, T0 + 120 * SECOND)).toEqual([{ code: "freeze", ...freeze }]);
  });

  it("is rolled back only when what is served gives what the baseline gives", () => {
    const rolling = done(started(), { verb: "rollback", sentence: "harm" }, T0);
    const read = (isBaseline: boolean) => ({ ...NOTHING, readBack: { isBaseline, detail: "" } });
    expect(nextMove(rolling, NOTHING, T0 + SECOND)).toBeNull();
    expect(nextMove(rolling, read(true), T0 + SECOND)?.kind).toBe("rolled_back");
    expect(nextMove(rolling, read(false), T0 + SECOND)?.kind).toBe("rollback_unverified");
    expect(nextMove(rolling, NOTHING, T0 + 60 * SECOND)?.kind).toBe("rollback_unverified");
  });

  it("says that it has stalled once, and rolls back where the plan says so", () => {
    const release = done(started(), { verb: "pause", reason: "user", sentence: "" }, T0);
    const [before, after] = [T0 + STALLED_MS - 1, T0 + STALLED_MS];
    expect(nextMove(release, NOTHING, before)).toBeNull();
    const told = stepped(release, NOTHING, after);
    expect(told.state).toMatchObject({ status: "paused", isStalled: true });
    expect(nextMove(told, NOTHING, after + STALLED_MS)).toBeNull();
    const strict: ReleaseAt = { ...release, plan: { ...release.plan, whenStalled: "roll back" } };
    expect(nextMove(strict, NOTHING, after)?.kind).toBe("rolling_back");
  });

  it("does not call a hold a stall that is as long as it was planned", () => {
    const base = started();
    const steps = [{ parts: 10_000, holdSeconds: (2 * STALLED_MS) / 1_000 }];
    const long: ReleaseAt = { ...base, plan: { ...base.plan, steps, whenStalled: "roll back" } };
    expect(nextMove(long, NOTHING, T0 + STALLED_MS + SECOND)).toBeNull();
  });

  it("starts at its time", () => {
    const waiting = done(twoSteps(), { verb: "start", at: T0 + 60 * SECOND }, T0);
    expect(nextMove(waiting, NOTHING, T0 + 59 * SECOND)).toBeNull();
    expect(nextMove(waiting, NOTHING, T0 + 60 * SECOND)?.to).toMatchObject({ status: "running", step: 0 });
  });
});

describe("actOn", () => {
  it("answers that there is nothing to do where a release is over", () => {
    const paused = { ...twoSteps(), state: { ...DRAFT, status: "paused" as const, step: 0 } };
    expect(actOn(paused, actBy("pause"), T0)).toMatchObject({ isOver: true });
    for (const status of ["cancelled", "rolled_back", "decommissioned"] as const) {
      const over = { ...twoSteps(), state: { ...DRAFT, status } };
      expect(actOn(over, { verb: "rollback", sentence: "" }, T0)).toMatchObject({ isOver: true });
    }
  });

  it("leaves the rest of a hold out, and no approval", () => {
    const first = done(twoSteps(), { verb: "start", at: null }, T0);
    const second = done(first, { verb: "advance" }, T0 + SECOND);
    expect(second.state.step).toBe(1);
    expect(actOn(second, { verb: "advance" }, T0 + SECOND)).toMatchObject({ isOver: false });
    const approved = done(second, { verb: "approve" }, T0 + SECOND);
    expect(done(approved, { verb: "advance" }, T0 + SECOND).state.status).toBe("baking");
  });
});

describe("releasePlanSchema", () => {
  const { plan: good } = twoSteps();
  const problems = (changed: object) => {
    const read = releasePlanSchema.safeParse({ ...good, ...changed });
    return read.success ? [] : read.error.issues.map(({ path }) => path.join("."));
  };
  const at = (...parts: number[]) => ({ steps: parts.map((share) => ({ parts: share, holdSeconds: 1 })) });

  it("asks for shares that grow, below 100 % and out of the holdback", () => {
    expect(problems({})).toEqual([]);
    expect(problems(at(5, 5))).toEqual(["steps.1.parts"]);
    expect(problems(at(100_000))).toEqual(["steps.0.parts"]);
    expect(problems({ ...at(99_000), holdbackParts: 2_000 })).toEqual(["steps.0.parts"]);
    expect(problems({ steps: [] })).toEqual(["steps"]);
    expect(problems({ strategy: "immediate" })).toEqual(["steps"]);
    expect(problems({ strategy: "immediate", steps: [] })).toEqual([]);
  });
});
