import { NOTHING_CHANGED } from "@telltale/configuration";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "../access/actor.ts";
import { readAccess } from "../access/read-access.ts";
import { notFound } from "../door/error.ts";
import { addMember, addPeople, audited, openShop, type People, refusal, system, type TestShop } from "../fixtures.ts";
import {
  createFlag,
  createKey,
  createRole,
  createTeam,
  createToken,
  describeMemberAccess,
  ensureOrganisation,
  getFlag,
  giveRole,
  listMembers,
  listTokens,
  removeMember,
  removeRole,
  removeTeam,
  revokeKey,
  revokeToken,
  setEnvironmentPolicy,
  setMemberRole,
  setOwner,
  setProjectPolicy,
  switchFlag,
  takeRole,
  updateRole,
  updateTeam,
  verifyAudit,
} from "../index.ts";

const organisation = "demo";
const project = "demo/shop";
type Person = Actor & { kind: "user" };
let shop: TestShop;
let people: People;
let admin: Person;
const idOf = (actor: Actor) => ("userId" in actor ? actor.userId : "");

const join = (name: string, role: string): Promise<Person> => addMember(shop, name, role);

beforeAll(async () => {
  shop = await openShop();
  people = await addPeople(shop);
  admin = await join("admin", "admin");
});
afterAll(() => shop?.close());

const codeOf = async (act: Promise<unknown>) => (await refusal(act)).code;

describe("members", () => {
  it("keep an owner: the last one is neither removed nor made something else, nor do two remove each other", async () => {
    const { database } = shop;
    const userId = idOf(people.owner);
    expect(await codeOf(removeMember(database, people.owner, { organisation, userId }))).toBe("INVALID");
    const demoted = setMemberRole(database, people.owner, { organisation, userId, role: "viewer" });
    expect(await codeOf(demoted)).toBe("INVALID");
    const taken = takeRole(database, people.owner, { organisation, role: "owner", to: { userId } });
    expect(await codeOf(taken)).toBe("INVALID");

    const second = await join("second", "owner");
    const both = await Promise.allSettled([
      removeMember(database, people.owner, { organisation, userId: second.userId }),
      removeMember(database, second, { organisation, userId }),
    ]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    // Both are owners again, for the tests below.
    for (const id of [second.userId, userId]) {
      await setMemberRole(database, system, { organisation, userId: id, role: "owner" });
    }
  });

  it("are given no more than the giver has, and nothing is taken from who has more", async () => {
    const { database } = shop;
    const viewer = idOf(people.viewer);
    const owner = idOf(people.owner);
    const promote = setMemberRole(database, admin, { organisation, userId: admin.userId, role: "owner" });
    expect(await codeOf(promote)).toBe("FORBIDDEN");
    const demote = setMemberRole(database, admin, { organisation, userId: owner, role: "viewer" });
    expect(await codeOf(demote)).toBe("FORBIDDEN");
    expect(await codeOf(removeMember(database, admin, { organisation, userId: owner }))).toBe("FORBIDDEN");
    const give = giveRole(database, admin, { organisation, role: "owner", to: { userId: viewer } });
    expect(await codeOf(give)).toBe("FORBIDDEN");
    const make = createRole(database, admin, {
      organisation,
      role: { key: "boss", name: "Boss", actions: ["organisation.update"] },
    });
    expect(await codeOf(make)).toBe("FORBIDDEN");

    await createTeam(database, people.owner, { organisation, key: "owners", name: "Owners" });
    await giveRole(database, people.owner, { organisation, role: "owner", to: { team: "owners" } });
    const enter = updateTeam(database, admin, { organisation, team: "owners", userIds: [admin.userId] });
    expect(await codeOf(enter)).toBe("FORBIDDEN");
    await updateTeam(database, people.owner, { organisation, team: "owners", userIds: [viewer] });
    const leave = updateTeam(database, admin, { organisation, team: "owners", userIds: [] });
    expect(await codeOf(leave)).toBe("FORBIDDEN");
    expect(await codeOf(removeTeam(database, admin, { organisation, team: "owners" }))).toBe("FORBIDDEN");
    expect(await codeOf(removeMember(database, admin, { organisation, userId: viewer }))).toBe("FORBIDDEN");
    await updateTeam(database, people.owner, { organisation, team: "owners", userIds: [] });
  });

  it("of one environment act in that one, also where an input names none", async () => {
    const { database } = shop;
    const part = await join("staging-admin", "viewer");
    const on = { project, environment: "development" };
    await giveRole(database, people.owner, { organisation, role: "admin", to: { userId: part.userId }, on });
    const key = (environment: string) => ({ project, environment, name: "Key", audience: "server" as const });
    const theirs = await createKey(database, people.owner, key("production"));
    const own = await createKey(database, part, key("development"));
    expect(await codeOf(revokeKey(database, part, { project, id: theirs.id }))).toBe("FORBIDDEN");
    await revokeKey(database, part, { project, id: own.id });
  });

  it("have roles in parts of an organisation, of its own making too, and lose them again", async () => {
    const { database } = shop;
    const editor = await join("part", "viewer");
    const to = { userId: editor.userId };
    const on = { project, environment: "development" };
    const role = { key: "toggler", name: "Toggler", actions: ["flag.update" as const] };
    await createRole(database, people.owner, { organisation, role });
    await giveRole(database, people.owner, { organisation, role: "toggler", to, on });
    await updateRole(database, people.owner, {
      organisation,
      role: "toggler",
      actions: ["flag.update", "environment.publish"],
    });
    expect(await codeOf(removeRole(database, people.owner, { organisation, role: "toggler" }))).toBe("INVALID");
    const flip = (environment: string) =>
      switchFlag(database, editor, { project, flag: "gone", environment, on: true, expectedRevision: 1 });
    expect(await codeOf(flip("development"))).toBe("NOT_FOUND");
    expect(await codeOf(flip("production"))).toBe("FORBIDDEN");
    const { members } = await listMembers(database, people.viewer, { organisation });
    expect(members.find(({ userId }) => userId === editor.userId)?.roles).toEqual([
      { role: "viewer", project: null, environment: null },
      { role: "toggler", project: "shop", environment: "development" },
    ]);
    await takeRole(database, people.owner, { organisation, role: "toggler", to, on });
    await removeRole(database, people.owner, { organisation, role: "toggler" });
    expect(await codeOf(flip("development"))).toBe("FORBIDDEN");
    expect(await codeOf(takeRole(database, people.owner, { organisation, role: "toggler", to, on }))).toBe("NOT_FOUND");
  });

  it("of another organisation cannot be named, nor can its projects", async () => {
    const { database } = shop;
    await ensureOrganisation(database, { key: "other", name: "Other" });
    await setMemberRole(database, system, { organisation: "other", userId: idOf(people.stranger), role: "owner" });
    const to = { userId: idOf(people.stranger) };
    expect(await codeOf(giveRole(database, people.owner, { organisation, role: "viewer", to }))).toBe("NOT_FOUND");
    // An account of another tenant, one that was removed, and none at all are answered alike.
    const removed = await join("removed", "viewer");
    await removeMember(database, people.owner, { organisation, userId: removed.userId });
    for (const userId of [to.userId, removed.userId, "nobody"]) {
      const error = await refusal(setMemberRole(database, people.owner, { organisation, userId, role: "viewer" }));
      expect([error.code, error.message.replace(userId, "…")]).toEqual(["NOT_FOUND", notFound("member", "…").message]);
    }
    expect(await readAccess(database, people.stranger, shop.organisationId)).toBeNull();
    const mine = { userId: idOf(people.viewer) };
    const on = { project: "other/shop" };
    expect(await codeOf(giveRole(database, people.owner, { organisation, role: "viewer", to: mine, on }))).toBe(
      "NOT_FOUND",
    );
    const enter = updateTeam(database, people.owner, { organisation, team: "owners", userIds: [to.userId] });
    expect(await codeOf(enter)).toBe("INVALID");
    expect(await codeOf(listMembers(database, people.stranger, { organisation }))).toBe("NOT_FOUND");
  });
});

describe("teams", () => {
  it("own what there is in a project, until they are removed", async () => {
    const { database } = shop;
    await createFlag(database, system, { project, key: "owned", name: "Owned", type: "boolean" });
    await createTeam(database, people.owner, { organisation, key: "checkout", name: "Checkout" });
    const own = { project, object: "flag" as const, key: "owned" };
    await setOwner(database, people.owner, { ...own, team: "checkout" });
    const ownerOf = async () => (await getFlag(database, people.viewer, { project, flag: "owned" })).owner;
    expect(await ownerOf()).toEqual({ key: "checkout", name: "Checkout" });
    expect(await setOwner(database, people.owner, { ...own, team: "checkout" })).toEqual({ sentence: NOTHING_CHANGED });
    expect(await codeOf(setOwner(database, people.owner, { ...own, team: "none" }))).toBe("NOT_FOUND");
    expect(await codeOf(setOwner(database, people.viewer, { ...own, team: null }))).toBe("FORBIDDEN");
    await removeTeam(database, people.owner, { organisation, team: "checkout" });
    expect(await ownerOf()).toBeNull();
  });
});

describe("a team that a policy asks for approvals", () => {
  const member = () => idOf(people.viewer);
  /** Somebody who may change teams, and nothing else. */
  async function addKeeper(): Promise<Person> {
    const keeper = await join("keeper", "viewer");
    const role = { key: "team-keeper", name: "Team keeper", actions: ["team.manage" as const] };
    await createRole(shop.database, people.owner, { organisation, role });
    await giveRole(shop.database, people.owner, { organisation, role: "team-keeper", to: { userId: keeper.userId } });
    return keeper;
  }

  it("is changed only by who may change that policy, and others by who may change teams", async () => {
    const { database } = shop;
    const keeper = await addKeeper();
    const policy = (team: string) => ({ approvals: [{ count: 1, from: ["nobody", team] }] });
    for (const key of ["of-project", "of-environment", "of-none"]) {
      await createTeam(database, keeper, { organisation, key, name: key });
    }
    await setProjectPolicy(database, people.owner, { project, policy: policy("of-project") });
    const environment = "production";
    await setEnvironmentPolicy(database, people.owner, { project, environment, policy: policy("of-environment") });
    for (const team of ["of-project", "of-environment"]) {
      const enter = (by: Actor, userId: string) => updateTeam(database, by, { organisation, team, userIds: [userId] });
      expect(await codeOf(enter(keeper, keeper.userId))).toBe("FORBIDDEN");
      expect(await codeOf(enter(keeper, member()))).toBe("FORBIDDEN");
      await enter(people.owner, member());
      // Without its people a team approves nothing, and somebody else may make one of its key.
      expect(await codeOf(updateTeam(database, keeper, { organisation, team, userIds: [] }))).toBe("FORBIDDEN");
      expect(await codeOf(removeTeam(database, keeper, { organisation, team }))).toBe("FORBIDDEN");
      await updateTeam(database, keeper, { organisation, team, name: "Another name" });
    }
    await updateTeam(database, keeper, { organisation, team: "of-none", userIds: [keeper.userId] });
    await removeTeam(database, keeper, { organisation, team: "of-none" });
    await setProjectPolicy(database, people.owner, { project, policy: {} });
    await setEnvironmentPolicy(database, people.owner, { project, environment, policy: {} });
    await removeTeam(database, keeper, { organisation, team: "of-project" });
  });
});

describe("tokens", () => {
  it("are shown once, made for oneself, and revoked by oneself; service tokens by who may", async () => {
    const { database } = shop;
    const own = { organisation, kind: "personal" as const, name: "Laptop", roles: [], expiresInDays: 7 };
    const { id, secret } = await createToken(database, people.viewer, own);
    const service = { ...own, kind: "service" as const, roles: [{ role: "publisher", on: { project } }] };
    expect(await codeOf(createToken(database, people.viewer, service))).toBe("FORBIDDEN");
    const made = await createToken(database, people.owner, service);
    const seen = async (actor: Actor) => (await listTokens(database, actor, { organisation })).map((token) => token.id);
    expect(await seen(people.viewer)).toEqual([id]);
    expect((await seen(people.owner)).sort()).toEqual([id, made.id].sort());
    const kept = JSON.stringify(await database.auditEvent.findMany(), (_, value) => {
      return typeof value === "bigint" ? String(value) : value;
    });
    expect([kept.includes(secret), kept.includes(made.secret)]).toEqual([false, false]);
    expect(await codeOf(revokeToken(database, people.viewer, { organisation, id: made.id }))).toBe("FORBIDDEN");
    await revokeToken(database, people.viewer, { organisation, id });
    await revokeToken(database, people.owner, { organisation, id: made.id });
    expect(await codeOf(createToken(database, { kind: "token", tokenId: made.id }, own))).toBe("FORBIDDEN");
  });
});

it("all of it stands in the audit trail, whose chain holds", async () => {
  const { database, organisationId } = shop;
  const lines = await database.auditEvent.findMany({ where: { organisationId }, orderBy: { id: "asc" } });
  const commands = new Set(lines.map(({ command }) => command));
  for (const command of ["organisation.create", "member.setRole", "member.remove", "team.create", "role.give"]) {
    expect(commands).toContain(command);
  }
  expect(await verifyAudit(database, organisationId)).toMatchObject({ ok: true });
  expect(await audited(database, 1)).toHaveLength(1);
});

describe("what a member may do", () => {
  it("is told for each environment and for all around, with the role and the team that allow it", async () => {
    const { database } = shop;
    const { userId } = await join("looker", "viewer");
    await createTeam(database, people.owner, { organisation, key: "ship", name: "Ship" });
    await updateTeam(database, people.owner, { organisation, team: "ship", userIds: [userId] });
    const on = { project, environment: "production" };
    await giveRole(database, people.owner, { organisation, role: "publisher", to: { team: "ship" }, on });
    const told = await describeMemberAccess(database, people.viewer, { project, userId });
    const of = (action: string) => told.actions.find((one) => one.action === action)?.places;
    const viewer = { role: "viewer", team: null };
    expect(of("project.read")).toEqual([{ environment: null, by: viewer }]);
    expect(of("member.manage")).toEqual([{ environment: null, by: null }]);
    const places = of("environment.publish") ?? [];
    expect(places.length).toBeGreaterThan(1);
    for (const { environment, by } of places) {
      expect(by).toEqual(environment === "production" ? { role: "publisher", team: "Ship" } : null);
    }
    const stranger = idOf(people.stranger);
    expect(await codeOf(describeMemberAccess(database, people.viewer, { project, userId: stranger }))).toBe(
      "NOT_FOUND",
    );
    expect(await codeOf(describeMemberAccess(database, people.stranger, { project, userId }))).toBe("NOT_FOUND");
  });
});
