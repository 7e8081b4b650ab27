import type { Database } from "@telltale/db";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addMember, addPeople, audited, openShop, type People, refusal, system, type TestShop } from "../fixtures.ts";
import {
  type Actor,
  applyChange,
  applyDueChanges,
  approveChange,
  createFlag,
  declineChange,
  editChange,
  getChange,
  getFlag,
  proposeChange,
  removeMember,
  revertChange,
  saveSegment,
  scheduleChange,
  setEnvironmentPolicy,
  switchFlag,
  unscheduleChange,
} from "../index.ts";

const project = "demo/shop";
const PRODUCTION = { project, environment: "production" };
let shop: TestShop;
let database: Database;
let people: People;
/** A second person who may publish everywhere. */
let reviewer: Actor;

beforeAll(async () => {
  shop = await openShop();
  database = shop.database;
  people = await addPeople(shop);
  reviewer = await addMember(shop, "reviewer", "publisher");
});
afterAll(() => shop?.close());

let flags = 0;
/** A new flag, off everywhere. */
async function flag(): Promise<string> {
  flags += 1;
  const key = `flag-${flags}`;
  await createFlag(database, system, { project, key, name: key, type: "boolean" });
  return key;
}
type Commands = Parameters<typeof proposeChange>[2]["commands"];
const on = (key: string, isOn = true, environment = "production"): Commands[number] => ({
  name: "flag.switch",
  input: { project, flag: key, environment, on: isOn },
});
const propose = async (commands: Commands, author = people.owner) =>
  (await proposeChange(database, author, { project, title: "Ship it", commands })).change;
const isOn = async (key: string, environment = "production") => {
  const found = await getFlag(database, system, { project, flag: key });
  return found.environments.find((one) => one.key === environment)?.config.on;
};
const state = async (change: number) => (await getChange(database, people.owner, { project, change })).state;
const approve = async (change: number, who = reviewer) => {
  const { fingerprint } = await getChange(database, who, { project, change });
  return approveChange(database, who, { project, change, fingerprint });
};
const policy = (own: Parameters<typeof setEnvironmentPolicy>[2]["policy"]) =>
  setEnvironmentPolicy(database, people.owner, { ...PRODUCTION, policy: own });

beforeEach(async () => {
  await policy({});
});

describe("a change-set", () => {
  it("applies all of its commands at once, and is taken back as one", async () => {
    const [one, other] = [await flag(), await flag()];
    const before = await database.environment.findFirstOrThrow({ where: { key: "production" } });
    const change = await propose([on(one), on(other), on(other, true, "development")]);
    expect([await isOn(one), await isOn(other)]).toEqual([false, false]);
    expect(await applyChange(database, people.owner, { project, change })).toEqual({ change, state: "applied" });
    expect([await isOn(one), await isOn(other), await isOn(other, "development")]).toEqual([true, true, true]);
    const after = await database.environment.findFirstOrThrow({ where: { key: "production" } });
    // Published once, however many commands there are.
    expect(after.publishedVersion).toBe((before.publishedVersion ?? 0) + 1);
    const revert = await revertChange(database, people.owner, { project, change });
    await applyChange(database, people.owner, { project, change: revert.change });
    expect([await isOn(one), await isOn(other), await isOn(other, "development")]).toEqual([false, false, false]);
    expect((await refusal(applyChange(database, people.owner, { project, change }))).code).toBe("INVALID");
  });

  it("leaves nothing where one of its commands is refused", async () => {
    const key = await flag();
    const change = await propose([on(key)]);
    const row = await database.changeSet.findFirstOrThrow({ where: { number: change } });
    // As a release before could have stored it: its second command is refused when it runs.
    const broken = [on(key), on("nowhere")] as never;
    await database.changeSet.update({ where: { id: row.id }, data: { commands: broken } });
    expect((await refusal(applyChange(database, people.owner, { project, change }))).code).toBe("NOT_FOUND");
    expect([await isOn(key), await state(change)]).toEqual([false, "in_review"]);
  });

  it("is proposed with what it would do, and refused where it would do nothing or cannot wait", async () => {
    const key = await flag();
    const change = await propose([on(key)]);
    const { preview, notes, commands } = await getChange(database, people.viewer, { project, change });
    expect(preview).toMatchObject([{ object: "flag", objectKey: key, environment: "production" }]);
    expect([notes, commands]).toEqual([[], [on(key)]]);
    expect((await refusal(propose([on(key, false)]))).code).toBe("INVALID");
    const secret = { name: "key.create", input: { project, environment: "production", name: "k", audience: "server" } };
    expect((await refusal(propose([secret]))).code).toBe("INVALID");
    expect((await refusal(propose([{ name: "flag.explode", input: {} }]))).code).toBe("INVALID");
    expect((await refusal(propose([on(key)], people.viewer))).code).toBe("FORBIDDEN");
    expect((await refusal(propose([on(key)], people.stranger))).code).toBe("NOT_FOUND");
    expect(await isOn(key)).toBe(false);
  });

  it("goes on when others changed something else, and asks again when it would do something else", async () => {
    const [mine, theirs] = [await flag(), await flag()];
    const change = await propose([on(mine)]);
    await switchFlag(database, system, { ...PRODUCTION, flag: theirs, on: true });
    await switchFlag(database, system, { project, environment: "development", flag: mine, on: true });
    await applyChange(database, people.owner, { project, change });
    expect(await isOn(mine)).toBe(true);
    const late = await propose([on(mine, false), on(theirs, false)]);
    await switchFlag(database, system, { ...PRODUCTION, flag: theirs, on: false });
    expect((await refusal(applyChange(database, people.owner, { project, change: late }))).code).toBe("CONFLICT");
    expect(await isOn(mine)).toBe(true);
  });
});

describe("a policy", () => {
  it("holds a direct change back, and lets through what only takes away", async () => {
    const key = await flag();
    await switchFlag(database, people.owner, { ...PRODUCTION, flag: key, on: true });
    await policy({ approvals: [{ count: 1 }] });
    await switchFlag(database, people.owner, { ...PRODUCTION, flag: key, on: false });
    const held = await refusal(switchFlag(database, people.owner, { ...PRODUCTION, flag: key, on: true }));
    expect(held).toMatchObject({ code: "POLICY", detail: { needs: [{ kind: "approvals", count: 1, have: 0 }] } });
    await switchFlag(database, people.owner, { project, environment: "development", flag: key, on: true });
    await policy({ approvals: [{ count: 1 }], isSafeExempt: false });
    await policy({});
    await switchFlag(database, people.owner, { ...PRODUCTION, flag: key, on: true });
    await policy({ approvals: [{ count: 1 }], isSafeExempt: false });
    const off = switchFlag(database, people.owner, { ...PRODUCTION, flag: key, on: false });
    expect((await refusal(off)).code).toBe("POLICY");
  });

  it("asks for approvals of others, of this result, from those who may publish there", async () => {
    const [one, other] = [await flag(), await flag()];
    await policy({ approvals: [{ count: 1 }] });
    const change = await propose([on(one)]);
    const apply = () => applyChange(database, people.owner, { project, change });
    expect((await refusal(apply())).code).toBe("POLICY");
    expect((await refusal(approve(change, people.owner))).code).toBe("FORBIDDEN");
    expect((await refusal(approve(change, people.viewer))).code).toBe("FORBIDDEN");
    expect(await approve(change)).toEqual({ change, state: "approved" });
    const edited = { project, change, expectedRevision: 1, commands: [on(one), on(other)] };
    expect(await editChange(database, people.owner, edited)).toMatchObject({ state: "in_review" });
    expect((await refusal(apply())).code).toBe("POLICY");
    await approve(change);
    await apply();
    expect([await isOn(one), await isOn(other)]).toEqual([true, true]);
  });

  it("asks again when a command was edited that is told in the same words", async () => {
    const definition = { included: ["a"], excluded: [], rules: [] };
    const own = { project, key: "testers", name: "Testers" };
    await saveSegment(database, people.owner, { ...own, definition, expectedRevision: null });
    await policy({ approvals: [{ count: 1 }] });
    const include = (id: string): Commands => [
      { name: "segment.save", input: { ...own, definition: { ...definition, included: [id] }, expectedRevision: 1 } },
    ];
    const change = await propose(include("b"));
    await approve(change);
    const edited = { project, change, expectedRevision: 1, commands: include("c") };
    expect(await editChange(database, people.owner, edited)).toMatchObject({ state: "in_review" });
    expect((await refusal(applyChange(database, people.owner, { project, change }))).code).toBe("POLICY");
  });

  it("counts no approval of somebody who may publish there no more", async () => {
    const leaver = await addMember(shop, "leaver", "publisher");
    const key = await flag();
    await policy({ approvals: [{ count: 1 }] });
    const change = await propose([on(key)]);
    await approve(change, leaver);
    await removeMember(database, people.owner, { organisation: "demo", userId: leaver.userId });
    expect((await refusal(applyChange(database, people.owner, { project, change }))).code).toBe("POLICY");
    expect(await isOn(key)).toBe(false);
  });

  it("is asked of every environment that a segment reaches, not of others", async () => {
    await policy({ approvals: [{ count: 1, kinds: ["segment"] }] });
    const definition = { included: ["a"], excluded: [], rules: [] };
    await saveSegment(database, people.owner, {
      project,
      key: "beta",
      name: "Beta",
      definition,
      expectedRevision: null,
    });
    const more = { project, key: "beta", name: "Beta", definition: { ...definition, included: ["b"] } };
    const save = saveSegment(database, people.owner, { ...more, expectedRevision: 1 });
    expect(await refusal(save)).toMatchObject({
      code: "POLICY",
      detail: { needs: [{ environment: { key: "production" } }] },
    });
    // Kinds that it does not name pass.
    await switchFlag(database, people.owner, { ...PRODUCTION, flag: await flag(), on: true });
  });

  it("is passed by in an emergency by who may, and that is written", async () => {
    const key = await flag();
    await policy({ approvals: [{ count: 2 }], isCommentNeeded: true });
    const change = await propose([on(key)]);
    const emergency = "The shop is down without it.";
    expect((await refusal(applyChange(database, reviewer, { project, change, emergency }))).code).toBe("FORBIDDEN");
    await applyChange(database, people.owner, { project, change, emergency });
    expect(await isOn(key)).toBe(true);
    expect((await audited(database, 2)).join()).toContain(emergency);
  });

  it("freezes, and asks for a comment", async () => {
    const key = await flag();
    const [from, to] = [-1, 1].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString());
    await policy({ freezes: [{ from: from ?? "", to: to ?? "", reason: "Black Friday." }] });
    const set = () => switchFlag(database, people.owner, { ...PRODUCTION, flag: key, on: true });
    expect(await refusal(set())).toMatchObject({ detail: { needs: [{ kind: "freeze", until: to }] } });
    await policy({ isCommentNeeded: true });
    expect(await refusal(set())).toMatchObject({ detail: { needs: [{ kind: "comment" }] } });
    await switchFlag(database, people.owner, { ...PRODUCTION, flag: key, on: true, comment: "As planned." });
  });
});

describe("a schedule", () => {
  const schedule = async (change: number) => {
    const at = new Date(Date.now() + 60_000).toISOString();
    await scheduleChange(database, people.owner, { project, change, at, timeZone: "Europe/Berlin" });
    return new Date(Date.now() + 120_000);
  };

  it("applies what is due once, by however many workers", async () => {
    const keys = await Promise.all(Array.from({ length: 6 }, flag));
    const changes: number[] = [];
    for (const key of keys) changes.push(await propose([on(key)]));
    let later = new Date();
    for (const change of changes) later = await schedule(change);
    expect(await applyDueChanges(database, new Date())).toEqual({ applied: 0, setAside: 0 });
    const runs = await Promise.all([1, 2, 3].map(() => applyDueChanges(database, later)));
    expect(runs.reduce((sum, { applied }) => sum + applied, 0)).toBe(6);
    for (const [at, change] of changes.entries()) {
      expect([await state(change), await isOn(keys[at] ?? "")]).toEqual(["applied", true]);
    }
    const revisions = await database.flagRevision.groupBy({
      by: ["flagId"],
      where: { flag: { key: { in: keys } }, environment: { key: "production" } },
      _count: true,
    });
    expect(revisions.map(({ _count }) => _count)).toEqual(keys.map(() => 2));
  });

  it("sets aside what is refused at its time, with the reason, and others go on", async () => {
    const [gone, fine] = [await flag(), await flag()];
    const changes = [await propose([on(gone)]), await propose([on(fine)])] as const;
    await switchFlag(database, system, { ...PRODUCTION, flag: gone, on: true });
    await schedule(changes[1]);
    expect((await refusal(schedule(changes[0]))).code).toBe("CONFLICT");
    await switchFlag(database, system, { ...PRODUCTION, flag: gone, on: false });
    const later = await schedule(changes[0]);
    await switchFlag(database, system, { ...PRODUCTION, flag: gone, on: true });
    expect(await applyDueChanges(database, later)).toEqual({ applied: 1, setAside: 1 });
    expect(await getChange(database, people.owner, { project, change: changes[0] })).toMatchObject({
      state: "failed",
      scheduledAt: null,
      timeZone: null,
    });
    expect([await isOn(fine), await state(changes[1])]).toEqual([true, "applied"]);
  });

  it("does nothing once its time was taken away, or it was declined", async () => {
    const key = await flag();
    const change = await propose([on(key)]);
    const later = await schedule(change);
    await unscheduleChange(database, people.owner, { project, change });
    await applyDueChanges(database, later);
    await schedule(change);
    await declineChange(database, reviewer, { project, change, text: "Not yet." });
    expect(await applyDueChanges(database, later)).toEqual({ applied: 0, setAside: 0 });
    expect(await isOn(key)).toBe(false);
  });
});
