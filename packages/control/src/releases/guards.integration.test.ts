import type { Guard } from "@telltale/release";
import { readRuleset } from "@telltale/ruleset";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, openShop, type People, refusal, type TestShop } from "../fixtures.ts";
import { pauseRelease, resumeRelease, stepDueReleases, updateFlag } from "../index.ts";
import { addFlag, at, look, passTime, project, serving, startOf } from "./fixtures.ts";
import type { Observe, ObservedCounts, ObservedPlace } from "./observed.ts";
import { setReleaseAside, stepRelease } from "./step.ts";

let shop: TestShop;
let people: People;
beforeAll(async () => {
  shop = await openShop();
  people = await addPeople(shop);
});
afterAll(() => shop.close());

const error: Guard = { metric: "error", margin: 0, action: "roll back" };
/** 1,000 units served "on" and 9,000 "off" since that version, of which so many failed. */
const counts = (version: number, on: number, off: number, last = Date.now() + 3_600_000): ObservedCounts => [
  { metric: "exposed", variant: "on", version, units: 1_000, last },
  { metric: "exposed", variant: "off", version, units: 9_000, last },
  { metric: "error", variant: "on", version, units: on, last },
  { metric: "error", variant: "off", version, units: off, last },
];
const published = async () =>
  (await shop.database.environment.findFirstOrThrow({ where: { key: "production" } })).publishedVersion;

/** The worker looks at a release, and the event store answers so; others that are due are asked as well. */
async function lookWith(release: number, flag: string, answer: () => ObservedCounts): Promise<ObservedPlace[]> {
  const asked: ObservedPlace[] = [];
  const observe: Observe = async (place) => {
    asked.push(place);
    return place.flag === flag ? answer() : [];
  };
  await passTime(shop.database, release, 3);
  await stepDueReleases(shop.database, observe);
  return asked;
}

describe("a guarded release", () => {
  it("is not undone by what others serve in its place, and keeps to its guards when it is resumed", async () => {
    const { database } = shop;
    await addFlag(shop, "undone");
    const release = await startOf(database, people.owner, "undone", { guards: [error] });
    const first = await published();
    const instructions = [{ kind: "setServe" as const, rule: null, serve: { variant: "on" } }];
    await updateFlag(database, people.owner, { ...at("undone"), instructions });
    const edited = await published();
    expect((await look(database, release)).pause?.reason).toBe("conflict");
    // Everybody gets it now, by somebody's own decision, and a few fail as ever.
    await lookWith(release, "undone", () => [...counts(first, 1, 9), ...counts(edited, 50, 0)]);
    expect((await look(database, release)).status).toBe("paused");
    const { stateVersion } = await look(database, release);
    await resumeRelease(database, people.owner, { project, release, expectedStateVersion: stateVersion });
    const resumed = await published();
    expect(resumed).toBe(edited + 1);
    await lookWith(release, "undone", () => [...counts(edited, 50, 0), ...counts(resumed, 20, 9)]);
    expect((await look(database, release)).status).toBe("rolling_back");
  });

  it("is rolled back within a hold when a guard breaks, paused or not, and its log has the evidence", async () => {
    for (const isPaused of [false, true]) {
      const flag = `guarded-${isPaused}`;
      await addFlag(shop, flag);
      const release = await startOf(shop.database, people.owner, flag, { guards: [error] });
      const version = await published();
      const [asked] = await lookWith(release, flag, () => counts(version, 1, 9));
      expect(asked).toMatchObject({ flag, rule: "", metrics: ["exposed", "error"] });
      expect(await look(shop.database, release)).toMatchObject({
        status: "running",
        evidence: { treatedUnits: 1_000, readings: [{ metric: "error", state: "undecided", treated: 1, control: 9 }] },
      });
      if (isPaused) await pauseRelease(shop.database, people.owner, { project, release });
      await lookWith(release, flag, () => counts(version, 20, 9));
      const { status, transitions } = await look(shop.database, release);
      expect([status, transitions[0]?.actorName]).toEqual(["rolling_back", "worker"]);
      expect(transitions[0]?.sentence).toContain("20 units failed with the variant, 9 units without it");
      expect(await serving(shop.database, flag)).toEqual({ variant: "off" });
      const stored = await shop.database.releaseTransition.findFirstOrThrow({
        where: { kind: "rolling_back", release: { number: release } },
      });
      expect(stored.evidence).toMatchObject({ guards: { readings: [{ state: "breached" }] } });
    }
  });

  it("judges each version by the step that it served, and leaves those before the release out", async () => {
    await addFlag(shop, "versions");
    const before = await published();
    const steps = [
      { parts: 10_000, holdSeconds: 0 },
      { parts: 50_000, holdSeconds: 3_600 },
    ];
    const release = await startOf(shop.database, people.owner, "versions", { guards: [error], steps });
    const first = await published();
    await lookWith(release, "versions", () => [...counts(before, 500, 0), ...counts(first, 1, 9)]);
    const second = await published();
    expect((await look(shop.database, release)).step).toBe(1);
    // Another edit publishes a version of the same step.
    const instructions = [{ kind: "removeRule" as const, rule: "german" }];
    await updateFlag(shop.database, people.owner, { ...at("versions"), instructions });
    const third = await published();
    expect(third).toBe(second + 1);
    await lookWith(release, "versions", () => [
      ...counts(first, 1, 9),
      ...counts(second, 20, 20),
      ...counts(third, 20, 20),
    ]);
    const { status, evidence } = await look(shop.database, release);
    // 40 and 40 at half and half, 1 and 9 at a tenth: no harm at all.
    expect([status, evidence?.readings[0]?.state]).toEqual(["running", "undecided"]);
    expect(evidence?.readings[0]).toMatchObject({ treated: 41, control: 49 });
    expect(evidence?.readings[0]?.effect).toBeCloseTo(1, 5);
  });

  it("waits for units, and for an event store that can be read; it says which, and can be rolled back meanwhile", async () => {
    await addFlag(shop, "waits");
    const release = await startOf(shop.database, people.owner, "waits", { guards: [error], minUnits: 5_000 });
    const version = await published();
    await passTime(shop.database, release, 100);
    await lookWith(release, "waits", () => {
      throw new Error("the event store is away");
    });
    expect(await look(shop.database, release)).toMatchObject({ step: 0, waits: [{ code: "evidence" }] });
    await lookWith(release, "waits", () => counts(version, 0, 0));
    const { step, waits } = await look(shop.database, release);
    expect([step, waits]).toEqual([0, [{ code: "units", have: 1_000, need: 5_000 }]]);
  });

  it("is watched by SDKs from its start to its end: the published ruleset says so", async () => {
    await addFlag(shop, "watched");
    const latency: Guard = { metric: "latency", above: 500, margin: 0.1, action: "pause" };
    const release = await startOf(shop.database, people.owner, "watched", {
      guards: [error, latency],
      steps: [{ parts: 10_000, holdSeconds: 0 }],
      bakeSeconds: 0,
    });
    const watch = async () => {
      const { id } = await shop.database.environment.findFirstOrThrow({ where: { key: "production" } });
      return (await readRuleset(shop.database, id, "server"))?.hints.watched?.watched ?? null;
    };
    expect(await watch()).toEqual({ by: "targetingKey", above: { latency: 500 } });
    const version = await published();
    await lookWith(release, "watched", () => counts(version, 0, 0));
    const baking = await published();
    await lookWith(release, "watched", () => counts(version, 0, 0));
    expect((await look(shop.database, release)).status).toBe("completed");
    // The flag serves what it served, and SDKs are told that nobody watches any more.
    expect([await watch(), await published()]).toEqual([null, baking + 1]);
  });

  it("is told by nobody but the worker what was observed", async () => {
    await addFlag(shop, "told");
    const release = await startOf(shop.database, people.owner, "told", { guards: [error] });
    const input = { project, release };
    const observed = counts(await published(), 50, 0);
    const refusals = [
      await refusal(stepRelease(shop.database, people.owner, { ...input, observed })),
      await refusal(setReleaseAside(shop.database, people.owner, { ...input, problem: "none" })),
    ];
    expect(refusals.map(({ code }) => code)).toEqual(["FORBIDDEN", "FORBIDDEN"]);
    expect((await look(shop.database, release)).status).toBe("running");
  });
});
