import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addMember, addPeople, draft, openShop, type People, refusal, system, type TestShop } from "../fixtures.ts";
import {
  type Actor,
  advanceRelease,
  applyChange,
  approveChange,
  archiveEnvironment,
  archiveFlag,
  createMetric,
  createRelease,
  getChange,
  proposeChange,
  resumeRelease,
  rollBackRelease,
  setEnvironmentPolicy,
  startExperiment,
  switchFlag,
  updateFlag,
} from "../index.ts";
import { addFlag, asSeen, at, goOn, look, planOfMinutes, project, serving, startOf } from "./fixtures.ts";

let shop: TestShop;
let people: People;
let publisher: Actor;
beforeAll(async () => {
  shop = await openShop();
  people = await addPeople(shop);
  publisher = await addMember(shop, "publisher", "publisher");
});
afterAll(() => shop.close());

const seen = (release: number) => asSeen(shop.database, release);

describe("a flag under release", () => {
  it("has one owner: other releases and experiments are refused by name, and it cannot be archived", async () => {
    const { database } = shop;
    const definition = { kind: "conversion", source: { event: "purchase" } } as const;
    await createMetric(database, system, { project, key: "bought", name: "Bought", definition });
    const planned = await draft(database, "owned", { metrics: [{ key: "bought", role: "primary" }] });
    const instructions = [{ kind: "setServe" as const, rule: null, serve: { variant: "off" } }];
    await updateFlag(database, system, { ...at("owned"), instructions });
    const release = await startOf(database, people.owner, "owned");
    const refusals = await Promise.all([
      refusal(startOf(database, people.owner, "owned", { rule: null, steps: [{ parts: 90_000, holdSeconds: 1 }] })),
      refusal(startExperiment(database, people.owner, { ...planned, expectedRevision: 1 })),
      refusal(archiveFlag(database, people.owner, { project, flag: "owned" })),
      refusal(archiveEnvironment(database, people.owner, { project, environment: "production" })),
    ]);
    expect(refusals.map(({ code }) => code)).toEqual(["INVALID", "INVALID", "INVALID", "INVALID"]);
    for (const { message } of refusals) expect(message).toMatch(new RegExp(`\\b${release}\\b`));
    await rollBackRelease(database, people.owner, { project, release });
    await goOn(database, release);
    await startExperiment(database, people.owner, { ...planned, expectedRevision: 1 });
    expect((await refusal(startOf(database, people.owner, "owned"))).message).toContain('Experiment "owned"');
  });

  it("lets two start at once, and one of them begin", async () => {
    await addFlag(shop, "race");
    const tries = await Promise.allSettled([1, 2, 3].map(() => startOf(shop.database, people.owner, "race")));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await shop.database.release.count({ where: { flag: { key: "race" } } })).toBe(1);
  });

  it("is paused when others change what it releases, and says what they did", async () => {
    const { database } = shop;
    await addFlag(shop, "edited");
    const release = await startOf(database, people.owner, "edited");
    const mine = await serving(database, "edited");
    await updateFlag(database, publisher, {
      ...at("edited"),
      instructions: [{ kind: "setServe", rule: null, serve: { variant: "on" } }],
    });
    const paused = await look(database, release);
    expect([paused.status, paused.pause?.reason]).toEqual(["paused", "conflict"]);
    expect(paused.transitions[0]?.actorName).toBe("publisher");
    expect(await serving(database, "edited")).toEqual({ variant: "on" });
    await resumeRelease(database, people.owner, await seen(release));
    expect(await serving(database, "edited")).toEqual(mine);
    await switchFlag(database, publisher, { ...at("edited"), on: false });
    expect((await look(database, release)).status).toBe("paused");
    // Its holds would pass, and nobody be served.
    expect((await refusal(resumeRelease(database, people.owner, await seen(release)))).code).toBe("INVALID");
  });
});

describe("a completed release", () => {
  it("is rolled back while another one waits for its start", async () => {
    const { database } = shop;
    await addFlag(shop, "both");
    const first = await startOf(database, people.owner, "both", { rule: "german" });
    for (let turn = 0; turn < 3; turn++) await goOn(database, first);
    const start = { at: new Date(Date.now() + 3_600_000).toISOString() };
    await createRelease(database, people.owner, { ...at("both"), plan: planOfMinutes(), start });
    await rollBackRelease(database, people.owner, { project, release: first });
    await goOn(database, first);
    expect((await look(database, first)).status).toBe("rolled_back");
    expect(await serving(database, "both", "german")).toEqual({ variant: "off" });
  });

  it("is finished when others change its rule, and not by edits of other rules", async () => {
    const { database } = shop;
    await addFlag(shop, "later-edit");
    const release = await startOf(database, people.owner, "later-edit");
    for (let turn = 0; turn < 3; turn++) await goOn(database, release);
    const edit = (rule: string | null) =>
      updateFlag(database, publisher, {
        ...at("later-edit"),
        instructions: [{ kind: "setServe", rule, serve: { variant: rule === null ? "off" : "on" } }],
      });
    await edit("german");
    expect((await look(database, release)).status).toBe("completed");
    await edit(null);
    expect((await look(database, release)).status).toBe("decommissioned");
    await rollBackRelease(database, people.owner, { project, release });
    expect(await serving(database, "later-edit")).toEqual({ variant: "off" });
  });
});

describe("policies", () => {
  const policy = (rest: object) =>
    setEnvironmentPolicy(shop.database, people.owner, {
      project,
      environment: "production",
      policy: rest,
    });

  it("ask for approvals of the plan; its own steps need no more, a faster one does, a rollback never", async () => {
    const { database } = shop;
    await addFlag(shop, "governed");
    await addFlag(shop, "frozen");
    await policy({ approvals: [{ count: 1 }], isSafeExempt: false });
    const input = { ...at("governed"), plan: { ...planOfMinutes() }, start: { at: null } };
    expect((await refusal(startOf(database, people.owner, "governed"))).code).toBe("POLICY");
    const commands = [{ name: "release.create", input: JSON.parse(JSON.stringify(input)) }];
    const { change } = await proposeChange(database, people.owner, { project, title: "Release it", commands });
    const { fingerprint } = await getChange(database, publisher, { project, change });
    await approveChange(database, publisher, { project, change, fingerprint });
    // Another release comes in between, and takes the next number.
    await createRelease(database, people.owner, { ...at("frozen"), plan: planOfMinutes() });
    await applyChange(database, people.owner, { project, change });
    const { number: release } = await database.release.findFirstOrThrow({ where: { flag: { key: "governed" } } });
    expect(await goOn(database, release)).toBe(1);
    expect((await look(database, release)).step).toBe(1);
    const faster = await refusal(advanceRelease(database, people.owner, await seen(release)));
    expect(faster.code).toBe("POLICY");
    await rollBackRelease(database, people.owner, { project, release });
    expect(await serving(database, "governed")).toEqual({ variant: "off" });
    await policy({});
  });

  it("are asked for the kinds of what a scheduled start will change, too", async () => {
    const { database } = shop;
    await addFlag(shop, "kinds");
    await policy({ approvals: [{ count: 1, kinds: ["flag"] }] });
    const start = { at: new Date(Date.now() + 3_600_000).toISOString() };
    const input = { ...at("kinds"), plan: planOfMinutes(), start };
    expect((await refusal(createRelease(database, people.owner, input))).code).toBe("POLICY");
    await policy({});
  });

  it("hold a step back in a freeze, and no rollback", async () => {
    const { database } = shop;
    const release = await startOf(database, people.owner, "frozen");
    const [from, to] = [-3_600_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
    await policy({ freezes: [{ from, to, reason: "Sale." }] });
    expect(await goOn(database, release)).toBe(0);
    const { waits, status } = await look(database, release);
    expect([status, waits]).toEqual(["running", [{ code: "freeze", until: Date.parse(to ?? ""), reason: "Sale." }]]);
    await rollBackRelease(database, people.owner, { project, release });
    expect(await serving(database, "frozen")).toEqual({ variant: "off" });
    await policy({});
    await goOn(database, release);
    expect((await look(database, release)).status).toBe("rolled_back");
  });
});
