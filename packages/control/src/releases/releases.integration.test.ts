import { WHOLE } from "@telltale/release";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { addMember, addPeople, audited, openShop, type People, refusal, system, type TestShop } from "../fixtures.ts";
import {
  type Actor,
  advanceRelease,
  approveRelease,
  cancelRelease,
  createRelease,
  createToken,
  listReleases,
  pauseRelease,
  resumeRelease,
  rollBackRelease,
  startRelease,
  switchFlag,
  updateFlag,
  verifyAudit,
} from "../index.ts";
import {
  addFlag,
  asSeen,
  at,
  countOn,
  goOn,
  look,
  passTime,
  planOfMinutes,
  project,
  serving,
  startOf,
} from "./fixtures.ts";

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

describe("a canary", () => {
  it("serves its steps one after the other, bakes, is completed, and keeps what it did in its log", async () => {
    const { database } = shop;
    await addFlag(shop, "canary");
    const release = await startOf(database, people.owner, "canary", { holdbackParts: 1_000 });
    expect(await serving(database, "canary")).toMatchObject({ split: { by: "targetingKey", salt: "canary/everyone" } });
    const counts = [await countOn(database, "canary")];
    // Its time has not come.
    expect(await goOn(database, release, 0)).toBe(0);
    const statuses = [];
    for (let turn = 0; turn < 4; turn++) {
      expect(await goOn(database, release)).toBe(1);
      statuses.push((await look(database, release)).status);
      counts.push(await countOn(database, "canary"));
    }
    expect(statuses).toEqual(["running", "baking", "completed", "decommissioned"]);
    // Of 1,000 units: 10 %, 50 %, all but 1 %, all; the units are the same each time.
    expect(counts).toEqual([expect.closeTo(100, -2), expect.closeTo(500, -2), expect.any(Number), 1_000, 1_000]);
    expect(counts[2]).toBeGreaterThan(970);
    expect(counts[2]).toBeLessThan(1_000);
    expect(await serving(database, "canary")).toEqual({ variant: "on" });
    const { transitions } = await look(database, release);
    expect(transitions.map(({ kind, sequence, parts }) => [kind, sequence, parts])).toEqual([
      ["decommissioned", 5, WHOLE],
      ["completed", 4, WHOLE],
      ["advanced", 3, 99_000],
      ["advanced", 2, 50_000],
      ["started", 1, 10_000],
    ]);
    expect(transitions.map(({ actorName }) => actorName)).toEqual([...Array(4).fill("worker"), "owner"]);
    expect(await audited(database, 1)).toEqual([expect.stringContaining(`release ${release}: canary: Finished`)]);
    expect(await verifyAudit(database, shop.organisationId)).toMatchObject({ ok: true });
  });

  it("goes on by the database's clock: a worker whose clock jumps changes nothing", async () => {
    await addFlag(shop, "clock");
    const release = await startOf(shop.database, people.owner, "clock");
    for (const hours of [-1, 1, 24]) {
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + hours * 3_600_000 });
      try {
        expect(await goOn(shop.database, release, 0)).toBe(0);
      } finally {
        vi.useRealTimers();
      }
    }
    expect((await look(shop.database, release)).step).toBe(0);
  });

  it("starts at its time, from what is served then", async () => {
    await addFlag(shop, "later");
    const start = { at: new Date(Date.now() + 3_600_000).toISOString() };
    const input = { ...at("later"), plan: planOfMinutes({ rule: "german" }), start };
    const { release, status } = await createRelease(shop.database, people.owner, input);
    expect([status, await serving(shop.database, "later", "german")]).toEqual(["scheduled", { variant: "off" }]);
    expect(await goOn(shop.database, release, 3_590)).toBe(0);
    expect(await goOn(shop.database, release, 11)).toBe(1);
    expect(await serving(shop.database, "later", "german")).toMatchObject({ split: { salt: "later/german" } });
    expect(await serving(shop.database, "later")).toEqual({ variant: "off" });
  });

  it("says why it was not started at its time", async () => {
    await addFlag(shop, "off");
    const start = { at: new Date(Date.now() + 3_600_000).toISOString() };
    const input = { ...at("off"), plan: planOfMinutes(), start };
    const { release } = await createRelease(shop.database, people.owner, input);
    await switchFlag(shop.database, system, { ...at("off"), on: false });
    await goOn(shop.database, release, 3_601);
    const { status, transitions } = await look(shop.database, release);
    expect([status, transitions[0]?.kind]).toEqual(["draft", "set_aside"]);
    expect(transitions[0]?.sentence).toContain("is off in Production");
  });
});

describe("a rollback", () => {
  it("serves what was served before, keeps other edits, and is over when it was read back", async () => {
    const { database } = shop;
    await addFlag(shop, "back");
    const release = await startOf(database, people.owner, "back");
    await goOn(database, release);
    const added = { id: "later", when: [{ attribute: "plan", op: "in" as const, values: ["pro"] }] };
    await updateFlag(database, people.owner, {
      ...at("back"),
      instructions: [{ kind: "addRule", before: null, rule: { ...added, serve: { variant: "on" } } }],
    });
    expect((await look(database, release)).status).toBe("running");
    await rollBackRelease(database, people.owner, { project, release, comment: "Carts are empty." });
    expect([await serving(database, "back"), await countOn(database, "back")]).toEqual([{ variant: "off" }, 0]);
    expect(await serving(database, "back", "later")).toEqual({ variant: "on" });
    expect((await look(database, release)).status).toBe("rolling_back");
    await goOn(database, release);
    const { status, transitions } = await look(database, release);
    expect(status).toBe("rolled_back");
    expect(transitions[0]?.sentence).toContain("10,000 contexts, which reach 2 of 2 rules");
    // There is nothing left to take back, and nothing wrong.
    const again = await rollBackRelease(database, people.owner, { project, release });
    expect(again).toMatchObject({ status: "rolled_back", stateVersion: 4 });
  });

  it("treats the same units first when the release is started again", async () => {
    await addFlag(shop, "again");
    const first = await startOf(shop.database, people.owner, "again");
    const before = await serving(shop.database, "again");
    await rollBackRelease(shop.database, people.owner, { project, release: first });
    await goOn(shop.database, first);
    await startOf(shop.database, people.owner, "again");
    expect(await serving(shop.database, "again")).toEqual(before);
  });

  it("is not called one where something else is served", async () => {
    const { database } = shop;
    await addFlag(shop, "unverified");
    const release = await startOf(database, people.owner, "unverified");
    await rollBackRelease(database, people.owner, { project, release });
    // As a publication that was lost: the configuration says something that is not served.
    await database.$executeRaw`
      update flag_config set config = jsonb_set(config, '{on}', 'false')
       where "flagId" = (select id from flag where key = 'unverified')`;
    await goOn(database, release);
    const { status, verbs } = await look(database, release);
    expect([status, verbs]).toEqual(["rollback_unverified", ["rollback", "decommission"]]);
  });

  it("works in every status in which something is served, and where the rule is gone", async () => {
    const { database } = shop;
    for (const [flag, turns] of [
      ["in-bake", 2],
      ["completed", 3],
    ] as const) {
      await addFlag(shop, flag);
      const release = await startOf(database, people.owner, flag);
      for (let turn = 0; turn < turns; turn++) await goOn(database, release);
      await rollBackRelease(database, people.owner, { project, release });
      expect(await countOn(database, flag)).toBe(0);
    }
    await addFlag(shop, "gone");
    const release = await startOf(database, people.owner, "gone", { rule: "german" });
    const instructions = [{ kind: "removeRule" as const, rule: "german" }];
    await updateFlag(database, people.owner, { ...at("gone"), instructions });
    expect((await look(database, release)).pause?.reason).toBe("conflict");
    await rollBackRelease(database, people.owner, { project, release });
    await goOn(database, release);
    expect(await look(database, release)).toMatchObject({ status: "rolled_back" });
    const { transitions } = await look(database, release);
    expect(transitions[0]?.sentence).toContain("no longer there");
  });
});

describe("somebody who acts on a release", () => {
  it("pauses and resumes it: nothing goes on meanwhile, and the time does not count", async () => {
    await addFlag(shop, "pause");
    const release = await startOf(shop.database, people.owner, "pause");
    await passTime(shop.database, release, 30);
    await pauseRelease(shop.database, publisher, { project, release });
    expect(await goOn(shop.database, release, 3_600)).toBe(0);
    await resumeRelease(shop.database, publisher, await seen(release));
    expect(await goOn(shop.database, release, 25)).toBe(0);
    expect(await goOn(shop.database, release, 6)).toBe(1);
  });

  it("is told where it has moved on, unless the act is safe", async () => {
    await addFlag(shop, "stale");
    const release = await startOf(shop.database, people.owner, "stale");
    const old = await seen(release);
    await advanceRelease(shop.database, people.owner, old);
    const refused = await refusal(advanceRelease(shop.database, people.owner, old));
    expect([refused.code, refused.detail]).toEqual(["CONFLICT", { stateVersion: 2, status: "running" }]);
    const done = await rollBackRelease(shop.database, people.owner, { project, release });
    expect(done.status).toBe("rolling_back");
  });

  it("approves a step that somebody else has planned, once", async () => {
    const steps = [
      { parts: 10_000, holdSeconds: 0, isApprovalNeeded: true },
      { parts: 50_000, holdSeconds: 0, isApprovalNeeded: true },
    ];
    await addFlag(shop, "approved");
    const release = await startOf(shop.database, people.owner, "approved", { steps });
    expect(await goOn(shop.database, release)).toBe(0);
    expect((await look(shop.database, release)).waits).toEqual([{ code: "approval" }]);
    const own = await refusal(approveRelease(shop.database, people.owner, await seen(release)));
    expect(own.code).toBe("FORBIDDEN");
    // What their token planned is theirs as well.
    const token = await createToken(shop.database, people.owner, {
      organisation: "demo",
      kind: "personal",
      name: "Laptop",
      expiresInDays: 1,
      roles: [{ role: "owner" }],
    });
    await addFlag(shop, "by-token");
    const byToken = await startOf(shop.database, { kind: "token", tokenId: token.id }, "by-token", { steps });
    expect((await refusal(approveRelease(shop.database, people.owner, await seen(byToken)))).code).toBe("FORBIDDEN");
    await approveRelease(shop.database, publisher, await seen(release));
    expect(await goOn(shop.database, release)).toBe(1);
    expect((await look(shop.database, release)).waits).toEqual([{ code: "approval" }]);
  });

  it("cancels only what has not started", async () => {
    await addFlag(shop, "cancel");
    const plan = planOfMinutes();
    const { release } = await createRelease(shop.database, people.owner, { ...at("cancel"), plan });
    await cancelRelease(shop.database, people.owner, await seen(release));
    const refused = await refusal(startRelease(shop.database, people.owner, { ...(await seen(release)), at: null }));
    expect(refused.code).toBe("INVALID");
    const listed = await listReleases(shop.database, people.viewer, { project, flag: "cancel", isOpen: false });
    expect(listed.map(({ status }) => status)).toEqual(["cancelled"]);
    expect(await serving(shop.database, "cancel")).toEqual({ variant: "off" });
  });

  it("may do what their role says: a viewer looks", async () => {
    await addFlag(shop, "roles");
    const release = await startOf(shop.database, publisher, "roles");
    for (const act of [pauseRelease, rollBackRelease]) {
      expect((await refusal(act(shop.database, people.viewer, { project, release }))).code).toBe("FORBIDDEN");
      expect((await refusal(act(shop.database, people.stranger, { project, release }))).code).toBe("NOT_FOUND");
    }
  });
});
