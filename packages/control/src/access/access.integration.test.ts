import { type Action, decide, narrow, type Scope, whoCan } from "@telltale/access";
import { type Database, newId } from "@telltale/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, openShop, refusal, system, type TestShop } from "../fixtures.ts";
import { createProject, ensureOrganisation, setMember } from "../index.ts";
import type { Actor } from "./actor.ts";
import { giveRole } from "./give-role.ts";
import { readPeople } from "./people.ts";
import { type Access, readAccess } from "./read-access.ts";
import { SYSTEM_ACTORS, type SystemActorName } from "./system-actors.ts";
import { createToken, findToken, listTokens, type NewToken, revokeToken } from "./tokens.ts";

let shop: TestShop;
let database: Database;
let organisationId: string;
let otherId: string;
const ids = { owner: "", viewer: "", stranger: "" };
let organisation: Scope;
let project: Scope & { kind: "project" };
let production: Scope & { kind: "environment" };
let development: Scope & { kind: "environment" };
let foreign: Scope & { kind: "project" };

beforeAll(async () => {
  shop = await openShop();
  ({ database, organisationId } = shop);
  const { owner, viewer, stranger } = await addPeople(shop);
  for (const [name, actor] of Object.entries({ owner, viewer, stranger })) {
    ids[name as keyof typeof ids] = actor.kind === "user" ? actor.userId : "";
  }
  ({ id: otherId } = await ensureOrganisation(database, { key: "other", name: "Other" }));
  await setMember(database, system, { organisationId: otherId, userId: ids.stranger, role: "owner" });
  organisation = { kind: "organisation", organisationId };
  project = await scopeOfProject("shop");
  production = await scopeOfEnvironment("production");
  development = await scopeOfEnvironment("development");
  await createProject(database, system, {
    ...{ organisationId: otherId, key: "theirs", name: "Theirs" },
    environments: [{ key: "production", name: "Production" }],
  });
  foreign = await scopeOfProject("theirs");
});

afterAll(() => shop.close());

async function scopeOfProject(key: string): Promise<Scope & { kind: "project" }> {
  const row = await database.project.findFirstOrThrow({ where: { key } });
  return { kind: "project", organisationId: row.organisationId, projectId: row.id };
}
async function scopeOfEnvironment(key: string): Promise<Scope & { kind: "environment" }> {
  const row = await database.environment.findFirstOrThrow({ where: { key, projectId: project.projectId } });
  return { ...project, kind: "environment", environmentId: row.id };
}
const read = async (actor: Actor, organisation = organisationId): Promise<Access> => {
  const access = await readAccess(database, actor, organisation);
  if (!access) throw new Error("no place here");
  return access;
};
const can = async (actor: Actor, action: Action, scope: Scope): Promise<boolean> =>
  decide((await read(actor, scope.organisationId)).grants, action, scope).allowed;
const user = (userId: string) => ({ kind: "user", userId }) as const;

/** A member without any grant. */
let people = 0;
async function addMember(organisation = organisationId): Promise<string> {
  const id = newId();
  const name = `Member ${++people}`;
  await database.user.create({ data: { id, name, email: `${id}@example.com` } });
  await database.member.create({ data: { id: newId(), organisationId: organisation, userId: id, role: "viewer" } });
  return id;
}
async function addTeam(organisation: string, members: string[]): Promise<string> {
  const id = newId();
  await database.team.create({ data: { id, organisationId: organisation, key: id, name: "Checkout" } });
  const rows = members.map((userId) => ({ organisationId: organisation, teamId: id, userId }));
  await database.teamMember.createMany({ data: rows });
  return id;
}
const owner = () => read(user(ids.owner));
const addToken = async (by: Access, input: Partial<NewToken>) => {
  const whole: NewToken = { organisationId, kind: "service", name: "CI", roles: [], expiresAt: null, ...input };
  const { id, secret, hint } = await createToken(database, by, whole);
  return { id, secret, hint, actor: { kind: "token", tokenId: id } as const };
};

describe("a person", () => {
  it("has the grants that their role in the organisation gives, one role at a time", async () => {
    expect(await can(user(ids.owner), "organisation.update", organisation)).toBe(true);
    expect(await can(user(ids.viewer), "project.read", production)).toBe(true);
    expect(await can(user(ids.viewer), "flag.update", production)).toBe(false);
    const userId = await addMember();
    for (const role of ["owner", "owner", "viewer"] as const) {
      await setMember(database, system, { organisationId, userId, role });
      expect((await read(user(userId))).grants.map(({ via }) => via.role)).toEqual([role]);
    }
  });

  it("has no place in an organisation that they are not a member of, whatever they have elsewhere", async () => {
    expect(await readAccess(database, user(ids.stranger), organisationId)).toBeNull();
    expect(await readAccess(database, user("nobody"), organisationId)).toBeNull();
    expect(await can(user(ids.stranger), "organisation.update", foreign)).toBe(true);
    const { grants } = await read(user(ids.stranger), otherId);
    expect(decide(grants, "project.read", project).allowed).toBe(false);
  });

  it("sees only the grants of the organisation that is asked, when a member of two", async () => {
    const userId = await addMember();
    await setMember(database, system, { organisationId: otherId, userId, role: "owner" });
    expect(await read(user(userId))).toMatchObject({ record: { kind: "user", id: userId }, grants: [] });
    expect((await read(user(userId), otherId)).grants).toHaveLength(1);
  });

  it("may do in an environment what was given there, and not beside it", async () => {
    const userId = await addMember();
    const given = { role: "publisher", scope: development };
    await giveRole(database, await owner(), { userId }, given);
    await giveRole(database, await owner(), { userId }, given);
    expect((await read(user(userId))).grants).toHaveLength(1);
    expect(await can(user(userId), "environment.publish", development)).toBe(true);
    expect(await can(user(userId), "environment.publish", production)).toBe(false);
    expect(await can(user(userId), "flag.archive", development)).toBe(false);
  });

  it("may do what their teams may, for as long as they are in them", async () => {
    const [userId, outside] = [await addMember(), await addMember()];
    const teamId = await addTeam(organisationId, [userId]);
    await giveRole(database, await owner(), { teamId }, { role: "editor", scope: project });
    expect(await can(user(userId), "flag.update", production)).toBe(true);
    expect((await read(user(userId))).grants[0]?.via).toEqual({
      role: "editor",
      subject: { kind: "team", id: teamId, name: "Checkout" },
    });
    expect(await can(user(outside), "flag.update", production)).toBe(false);
    await database.teamMember.deleteMany({ where: { teamId, userId } });
    expect(await can(user(userId), "flag.update", production)).toBe(false);
  });

  it("may do what a custom role lists, and nothing for actions that are not known", async () => {
    const userId = await addMember();
    const role = { id: newId(), organisationId, key: "releaser", name: "Releaser" };
    await database.customRole.create({ data: { ...role, actions: ["environment.publish", "rocket.launch"] } });
    await giveRole(database, await owner(), { userId }, { role: "releaser", scope: project });
    const { grants } = await read(user(userId));
    expect(grants).toMatchObject([{ actions: ["environment.publish"], scope: project, via: { role: "releaser" } }]);
  });
});

describe("giving a role", () => {
  it("is refused where the giver may do less", async () => {
    const [userId, admin] = [await addMember(), await addMember()];
    await giveRole(database, await owner(), { userId: admin }, { role: "admin", scope: organisation });
    const by = await read(user(admin));
    const refused = await refusal(giveRole(database, by, { userId }, { role: "owner", scope: organisation }));
    expect(refused).toMatchObject({ code: "FORBIDDEN", detail: { missing: "organisation.update" } });
    await giveRole(database, by, { userId }, { role: "publisher", scope: organisation });
    expect(await can(user(userId), "environment.publish", production)).toBe(true);
  });

  it("finds nothing of another organisation", async () => {
    const [mine, theirs] = [await addMember(), await addMember(otherId)];
    const theirTeam = await addTeam(otherId, [theirs]);
    const by = await owner();
    const code = async (to: Parameters<typeof giveRole>[2], scope: Scope, role = "viewer") =>
      (await refusal(giveRole(database, by, to, { role, scope }))).code;
    expect(await code({ userId: theirs }, organisation)).toBe("NOT_FOUND");
    expect(await code({ teamId: theirTeam }, organisation)).toBe("NOT_FOUND");
    expect(await code({ tokenId: "none" }, organisation)).toBe("NOT_FOUND");
    expect(await code({ userId: mine }, { ...project, projectId: foreign.projectId })).toBe("NOT_FOUND");
    expect(await code({ userId: mine }, { ...production, environmentId: "none" })).toBe("NOT_FOUND");
    expect(await code({ userId: mine }, organisation, "no-such-role")).toBe("NOT_FOUND");
    expect(await code({ userId: mine }, foreign)).toBe("FORBIDDEN");
  });

  it("is kept inside the organisation by the database, too", async () => {
    const [mine, theirs] = [await addMember(), await addMember(otherId)];
    const theirTeam = await addTeam(otherId, [theirs]);
    const row = { organisationId, role: "viewer", createdBy: {} };
    const store = (data: object) => database.grant.create({ data: { id: newId(), ...row, ...data } });
    await expect(store({ userId: theirs })).rejects.toThrow();
    await expect(store({ teamId: theirTeam })).rejects.toThrow();
    await expect(store({ userId: mine, projectId: foreign.projectId })).rejects.toThrow();
    await expect(store({ userId: mine, environmentId: production.environmentId })).rejects.toThrow();
    await expect(store({})).rejects.toThrow();
    const team = await addTeam(organisationId, []);
    await expect(store({ userId: mine, teamId: team })).rejects.toThrow();
    await expect(store({ userId: mine, role: null })).rejects.toThrow();
    await store({ userId: mine, projectId: project.projectId, environmentId: production.environmentId });
    const member = { organisationId, teamId: team, userId: theirs };
    await expect(database.teamMember.create({ data: member })).rejects.toThrow();
    const segment = { id: newId(), projectId: project.projectId, key: "s", name: "S", definition: {} };
    await expect(database.segment.create({ data: { ...segment, teamId: theirTeam } })).rejects.toThrow("organisation");
    await database.segment.create({ data: { ...segment, teamId: team } });
  });
});

describe("a service token", () => {
  it("may do what it was given, and is written down by its name", async () => {
    const { actor } = await addToken(await owner(), { roles: [{ role: "editor", scope: project }] });
    expect((await read(actor)).record).toEqual({ kind: "token", id: actor.tokenId, name: "CI" });
    expect(await can(actor, "flag.update", production)).toBe(true);
    expect(await can(actor, "environment.publish", production)).toBe(false);
    expect(await readAccess(database, actor, otherId)).toBeNull();
  });

  it("cannot do more than its creator, and needs something to do", async () => {
    const by = await read(user(ids.viewer));
    const count = await database.token.count();
    const refused = await refusal(
      database.$transaction((tx) => {
        const roles = [{ role: "publisher", scope: project }];
        return createToken(tx, by, { organisationId, kind: "service", name: "CI", roles, expiresAt: null });
      }),
    );
    expect(refused.code).toBe("FORBIDDEN");
    expect((await refusal(addToken(await owner(), {}))).code).toBe("INVALID");
    const past = { roles: [{ role: "viewer", scope: project }], expiresAt: new Date(0) };
    expect((await refusal(addToken(await owner(), past))).code).toBe("INVALID");
    const elsewhere = { roles: [{ role: "viewer", scope: foreign }] };
    expect((await refusal(addToken(await owner(), elsewhere))).code).toBe("INVALID");
    expect(await database.token.count()).toBe(count);
  });
});

describe("a personal token", () => {
  const personal = { kind: "personal", name: "laptop" } as const;

  it("may do what its person may, as it is at the time", async () => {
    const userId = await addMember();
    await giveRole(database, await owner(), { userId }, { role: "publisher", scope: project });
    const { actor } = await addToken(await read(user(userId)), personal);
    const { record, grants } = await read(actor);
    expect(record).toMatchObject({ kind: "token", id: actor.tokenId, userId });
    expect(record.name).toMatch(/^Member \d+ \(token laptop\)$/);
    expect(grants).toEqual((await read(user(userId))).grants);
    await database.grant.deleteMany({ where: { userId } });
    expect(await can(actor, "project.read", project)).toBe(false);
    await database.member.deleteMany({ where: { userId } });
    expect(await readAccess(database, actor, organisationId)).toBeNull();
  });

  it("may do only what its own roles hold of that", async () => {
    const by = await read(user(ids.viewer));
    const { actor } = await addToken(by, { ...personal, roles: [{ role: "owner", scope: development }] });
    expect(await can(actor, "project.read", project)).toBe(false);
    const strong = await addToken(await owner(), { ...personal, roles: [{ role: "editor", scope: project }] });
    expect(await can(strong.actor, "flag.update", production)).toBe(true);
    expect(await can(strong.actor, "environment.publish", production)).toBe(false);
    expect(await can(strong.actor, "member.manage", organisation)).toBe(false);
  });

  it("may do nothing once its own grants are gone", async () => {
    const { actor, id } = await addToken(await owner(), personal);
    expect(await can(actor, "organisation.update", organisation)).toBe(true);
    await database.grant.deleteMany({ where: { tokenId: id } });
    expect((await read(actor)).grants).toEqual([]);
  });

  it("is created by its person alone, not by a token of theirs or an agent", async () => {
    const { actor } = await addToken(await owner(), personal);
    const agent = { kind: "agent", name: "Claude", onBehalfOf: user(ids.owner) } as const;
    for (const by of [actor, agent]) {
      expect((await refusal(addToken(await read(by), personal))).code).toBe("FORBIDDEN");
    }
  });
});

describe("a token's secret", () => {
  it("finds the token, and notes its use once a minute at most", async () => {
    const { id, secret, hint } = await addToken(await owner(), { roles: [{ role: "viewer", scope: project }] });
    const noted = async () => (await database.token.findUniqueOrThrow({ where: { id } })).lastUsedAt?.getTime();
    const minute = 60_000;
    const start = Date.now();
    expect(await noted()).toBeUndefined();
    for (const [after, expected] of [
      [0, 0],
      [minute - 1, 0],
      [minute, minute],
    ] as const) {
      const found = await findToken(database, secret, new Date(start + after));
      expect(found).toEqual({ state: "valid", actor: { kind: "token", tokenId: id }, organisationId });
      expect(await noted()).toBe(start + expected);
    }
    const tokens = await listTokens(database, organisationId);
    expect(tokens.find((token) => token.id === id)).toMatchObject({ name: "CI", hint, revokedAt: null });
    expect(JSON.stringify(await database.token.findMany())).not.toContain(secret);
  });

  it("opens nothing once it was revoked, at once and for good", async () => {
    const { id, secret, actor } = await addToken(await owner(), { roles: [{ role: "viewer", scope: project }] });
    expect((await refusal(revokeToken(database, { organisationId: otherId, id }))).code).toBe("NOT_FOUND");
    await revokeToken(database, { organisationId, id });
    expect(await findToken(database, secret)).toEqual({ state: "revoked" });
    expect((await refusal(readAccess(database, actor, organisationId))).code).toBe("FORBIDDEN");
    expect(await readAccess(database, actor, otherId)).toBeNull();
    const { revokedAt } = await database.token.findUniqueOrThrow({ where: { id } });
    await revokeToken(database, { organisationId, id });
    expect((await database.token.findUniqueOrThrow({ where: { id } })).revokedAt).toEqual(revokedAt);
  });

  it("opens nothing from the moment at which it expires", async () => {
    const expiresAt = new Date(Date.now() + 3_600_000);
    const roles = [{ role: "viewer", scope: project }];
    const { id, secret, actor } = await addToken(await owner(), { roles, expiresAt });
    expect((await findToken(database, secret, new Date(expiresAt.getTime() - 1))).state).toBe("valid");
    expect(await findToken(database, secret, expiresAt)).toEqual({ state: "expired" });
    await read(actor);
    await database.token.update({ where: { id }, data: { expiresAt: new Date(0) } });
    expect((await refusal(readAccess(database, actor, organisationId))).code).toBe("FORBIDDEN");
  });

  it("that nobody has is unknown", async () => {
    const { id, secret } = await addToken(await owner(), { roles: [{ role: "viewer", scope: project }] });
    await database.token.delete({ where: { id } });
    for (const text of [secret, "", `${secret}x`, "x".repeat(60_000)]) {
      expect(await findToken(database, text)).toEqual({ state: "unknown" });
    }
  });
});

describe("an agent", () => {
  it("may do what the one whom it acts for may, but judges no changes", async () => {
    const agent = { kind: "agent", name: "Claude", onBehalfOf: user(ids.owner) } as const;
    const { record } = await read(agent);
    expect(record).toEqual({ kind: "agent", id: ids.owner, userId: ids.owner, name: "Claude for owner" });
    expect(await can(agent, "flag.update", production)).toBe(true);
    expect(await can(agent, "change.approve", production)).toBe(false);
    expect(await can(agent, "change.bypass", production)).toBe(false);
    expect(await readAccess(database, { ...agent, onBehalfOf: user(ids.stranger) }, organisationId)).toBeNull();
  });

  it("is held by the token that it came with", async () => {
    const { actor } = await addToken(await owner(), { roles: [{ role: "viewer", scope: project }] });
    const agent = { kind: "agent", name: "Claude", onBehalfOf: actor } as const;
    expect((await read(agent)).record.name).toBe("Claude for CI");
    expect(await can(agent, "project.read", project)).toBe(true);
    expect(await can(agent, "flag.update", production)).toBe(false);
  });
});

describe("the system", () => {
  it("may do what its name stands for, and no name stands for everything", async () => {
    for (const [name, actions] of Object.entries(SYSTEM_ACTORS)) {
      const { record, grants } = await read({ kind: "system", name: name as SystemActorName });
      expect(record).toEqual({ kind: "system", id: null, name });
      expect(narrow(grants, grants)).toEqual(grants);
      expect(grants.flatMap((grant) => grant.actions)).toEqual(actions);
      expect(decide(grants, "organisation.update", organisation).allowed).toBe(false);
    }
    for (const name of ["somebody", "toString"]) {
      const { grants } = await read({ kind: "system", name: name as SystemActorName });
      expect(grants.flatMap((grant) => grant.actions)).toEqual([]);
    }
  });
});

describe("who can", () => {
  it("is read of people and teams of the organisation, and of nobody else", async () => {
    const [ana, li, out] = [await addMember(), await addMember(), await addMember()];
    const teamId = await addTeam(organisationId, [li]);
    await giveRole(database, await owner(), { userId: ana }, { role: "publisher", scope: production });
    await giveRole(database, await owner(), { teamId }, { role: "publisher", scope: project });
    await giveRole(database, await owner(), { userId: out }, { role: "publisher", scope: development });
    await addToken(await owner(), { roles: [{ role: "publisher", scope: project }] });
    const everybody = await readPeople(database, organisationId);
    expect(everybody.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.values({ ana, li, out })));
    expect(everybody.map(({ id }) => id)).not.toContain(ids.stranger);
    const can = whoCan(everybody, "environment.publish", production).map(({ id }) => id);
    expect(can).toEqual(expect.arrayContaining([ids.owner, ana, li]));
    expect(can).not.toContain(out);
    expect(can).not.toContain(ids.viewer);
    for (const person of everybody) {
      expect(person.grants).toEqual((await read(user(person.id))).grants);
    }
    const some = await readPeople(database, organisationId, "environment.publish");
    expect(whoCan(some, "environment.publish", production).map(({ id }) => id)).toEqual(can);
    expect(some.map(({ id }) => id)).not.toContain(ids.viewer);
  });
});
