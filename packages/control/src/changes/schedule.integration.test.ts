import { afterAll, beforeAll, expect, it } from "vitest";
import { addMember, addPeople, openShop, type People, refusal, system, type TestShop } from "../fixtures.ts";
import {
  type Actor,
  applyDueChanges,
  createFlag,
  createToken,
  getChange,
  getFlag,
  proposeChange,
  removeMember,
  revokeToken,
  scheduleChange,
  takeRole,
} from "../index.ts";

const organisation = "demo";
const project = "demo/shop";
const at = () => new Date(Date.now() + 60_000).toISOString();
const later = () => new Date(Date.now() + 120_000);
let shop: TestShop;
let people: People;
let publisher: Actor & { kind: "user" };
beforeAll(async () => {
  shop = await openShop();
  people = await addPeople(shop);
  publisher = await addMember(shop, "publisher", "publisher");
});
afterAll(() => shop?.close());

/** A personal token of somebody that holds the publisher's role here, and nothing else. */
async function tokenOf(person: Actor, environment: string) {
  const role = { role: "publisher", on: { project, environment } };
  const reader = { role: "publisher", on: { project, environment: "development" } };
  const roles = environment === "development" ? [role] : [role, reader];
  const given = { organisation, kind: "personal" as const, name: "Laptop", roles, expiresInDays: 1 };
  const { id } = await createToken(shop.database, person, given);
  return { id, actor: { kind: "token" as const, tokenId: id } };
}

let flags = 0;
/** A change that its owner proposed, to switch a new flag on in production, scheduled by somebody. */
async function scheduled(by: Actor) {
  flags += 1;
  const flag = `flag-${flags}`;
  await createFlag(shop.database, system, { project, key: flag, name: flag, type: "boolean" });
  const on = { name: "flag.switch", input: { project, flag, environment: "production", on: true } };
  const { change } = await proposeChange(shop.database, people.owner, { project, title: "Ship it", commands: [on] });
  await scheduleChange(shop.database, by, { project, change, at: at(), timeZone: "Europe/Berlin" });
  return {
    change,
    read: () => getChange(shop.database, people.owner, { project, change }),
    isOn: async () => {
      const { environments } = await getFlag(shop.database, system, { project, flag });
      return environments.find(({ key }) => key === "production")?.config.on;
    },
  };
}

it("is applied by the token that it was scheduled by, with the token's name", async () => {
  const { actor } = await tokenOf(people.owner, "production");
  const { read, isOn } = await scheduled(actor);
  expect(await applyDueChanges(shop.database, later())).toEqual({ applied: 1, setAside: 0 });
  expect([(await read()).state, await isOn()]).toEqual(["applied", true]);
  const line = await shop.database.auditEvent.findFirstOrThrow({ orderBy: { id: "desc" } });
  expect(line.actor).toMatchObject({ kind: "token", id: actor.tokenId });
});

it("is not scheduled by a token that may not publish there, and not applied by one that may no more", async () => {
  const small = await tokenOf(people.owner, "development");
  expect((await refusal(scheduled(small.actor))).code).toBe("FORBIDDEN");
  const { id, actor } = await tokenOf(people.owner, "production");
  const { read, isOn } = await scheduled(actor);
  const on = { project, environment: "production" };
  await takeRole(shop.database, people.owner, { organisation, role: "publisher", to: { tokenId: id }, on });
  expect(await applyDueChanges(shop.database, later())).toEqual({ applied: 0, setAside: 1 });
  expect([(await read()).state, await isOn()]).toEqual(["failed", false]);
});

it("is not applied with more than an agent may, for whom it was scheduled", async () => {
  const agent = { kind: "agent", name: "Claude", onBehalfOf: publisher } as const;
  await scheduled(agent);
  expect(await applyDueChanges(shop.database, later())).toEqual({ applied: 1, setAside: 0 });
  const line = await shop.database.auditEvent.findFirstOrThrow({ orderBy: { id: "desc" } });
  expect(line.actor).toMatchObject({ kind: "agent", id: publisher.userId });
});

it("is set aside where its token was revoked or has expired, and its author is told", async () => {
  const [revoked, expired] = [await tokenOf(people.owner, "production"), await tokenOf(people.owner, "production")];
  const changes = [await scheduled(revoked.actor), await scheduled(expired.actor)];
  await revokeToken(shop.database, people.owner, { organisation, id: revoked.id });
  await shop.database.token.update({ where: { id: expired.id }, data: { expiresAt: new Date(0) } });
  expect(await applyDueChanges(shop.database, later())).toEqual({ applied: 0, setAside: 2 });
  for (const { read, isOn } of changes) {
    const { state, problem, notes } = await read();
    expect([state, await isOn()]).toEqual(["failed", false]);
    expect(problem).toContain('"Laptop"');
    expect(notes).toMatchObject([{ kind: "remark", actorName: "worker" }]);
    expect(notes[0]?.text).toMatch(/^owner, .*"Laptop"/);
  }
});

it("is set aside where whoever scheduled it is gone", async () => {
  const { actor } = await tokenOf(publisher, "production");
  const { read, isOn } = await scheduled(actor);
  await removeMember(shop.database, people.owner, { organisation, userId: publisher.userId });
  expect(await applyDueChanges(shop.database, later())).toEqual({ applied: 0, setAside: 1 });
  expect([(await read()).state, await isOn()]).toEqual(["failed", false]);
});
