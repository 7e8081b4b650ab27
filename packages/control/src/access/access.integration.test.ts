import { decideAccess, narrow, type Scope, whoCan } from "@telltale/access";
import { type Database, newId } from "@telltale/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusal, system } from "../fixtures.ts";
import { setMemberRole } from "../index.ts";
import {
  addMember,
  addTeam,
  addToken,
  can,
  openTwoOrganisations,
  read,
  type TwoOrganisations,
  user,
} from "./fixtures.ts";
import { grantRole } from "./give-role.ts";
import { readPeople } from "./people.ts";
import { readAccess } from "./read-access.ts";
import { requireAction } from "./require-action.ts";
import { SYSTEM_ACTORS, type SystemActorName } from "./system-actors.ts";

let world: TwoOrganisations;
let database: Database;
let organisationId: string;
let otherId: string;
let ids: TwoOrganisations["ids"];
let organisation: Scope;
let project: TwoOrganisations["project"];
let production: TwoOrganisations["production"];
let development: TwoOrganisations["development"];
let foreign: TwoOrganisations["project"];

beforeAll(async () => {
  world = await openTwoOrganisations();
  ({ database, organisationId, otherId, ids, organisation, project, production, development, foreign } = world);
});

afterAll(() => world.close());

const owner = () => read(world, user(ids.owner));

describe("a person", () => {
  it("has the grants that their role in the organisation gives, one role at a time", async () => {
    expect(await can(world, user(ids.owner), "organisation.update", organisation)).toBe(true);
    expect(await can(world, user(ids.viewer), "project.read", production)).toBe(true);
    expect(await can(world, user(ids.viewer), "flag.update", production)).toBe(false);
    const userId = await addMember(world);
    for (const role of ["owner", "owner", "viewer"] as const) {
      await setMemberRole(database, system, { organisation: "demo", userId, role });
      expect((await read(world, user(userId))).grants.map(({ via }) => via.role)).toEqual([role]);
    }
  });

  it("has no place in an organisation that they are not a member of, whatever they have elsewhere", async () => {
    expect(await readAccess(database, user(ids.stranger), organisationId)).toBeNull();
    expect(await readAccess(database, user("nobody"), organisationId)).toBeNull();
    expect(await can(world, user(ids.stranger), "organisation.update", foreign)).toBe(true);
    const { grants } = await read(world, user(ids.stranger), otherId);
    expect(decideAccess(grants, "project.read", project).allowed).toBe(false);
  });

  it("sees only the grants of the organisation that is asked, when a member of two", async () => {
    const userId = await addMember(world);
    await setMemberRole(database, system, { organisation: "other", userId, role: "owner" });
    expect(await read(world, user(userId))).toMatchObject({ record: { kind: "user", id: userId }, grants: [] });
    expect((await read(world, user(userId), otherId)).grants).toHaveLength(1);
  });

  it("may do in an environment what was given there, and not beside it", async () => {
    const userId = await addMember(world);
    const given = { role: "publisher", scope: development };
    await grantRole(database, await owner(), { userId }, given);
    await grantRole(database, await owner(), { userId }, given);
    expect((await read(world, user(userId))).grants).toHaveLength(1);
    expect(await can(world, user(userId), "environment.publish", development)).toBe(true);
    expect(await can(world, user(userId), "environment.publish", production)).toBe(false);
    expect(await can(world, user(userId), "flag.archive", development)).toBe(false);
  });

  it("may do what their teams may, for as long as they are in them", async () => {
    const [userId, outside] = [await addMember(world), await addMember(world)];
    const teamId = await addTeam(world, organisationId, [userId]);
    await grantRole(database, await owner(), { teamId }, { role: "editor", scope: project });
    expect(await can(world, user(userId), "flag.update", production)).toBe(true);
    expect((await read(world, user(userId))).grants[0]?.via).toEqual({
      role: "editor",
      subject: { kind: "team", id: teamId, name: "Checkout" },
    });
    expect(await can(world, user(outside), "flag.update", production)).toBe(false);
    await database.teamMember.deleteMany({ where: { teamId, userId } });
    expect(await can(world, user(userId), "flag.update", production)).toBe(false);
  });

  it("may do what a custom role lists, and nothing for actions that are not known", async () => {
    const userId = await addMember(world);
    const role = { id: newId(), organisationId, key: "releaser", name: "Releaser" };
    await database.customRole.create({ data: { ...role, actions: ["environment.publish", "rocket.launch"] } });
    await grantRole(database, await owner(), { userId }, { role: "releaser", scope: project });
    const { grants } = await read(world, user(userId));
    expect(grants).toMatchObject([{ actions: ["environment.publish"], scope: project, via: { role: "releaser" } }]);
  });
});

describe("giving a role", () => {
  it("is refused where the giver may do less", async () => {
    const [userId, admin] = [await addMember(world), await addMember(world)];
    await grantRole(database, await owner(), { userId: admin }, { role: "admin", scope: organisation });
    const by = await read(world, user(admin));
    const refused = await refusal(grantRole(database, by, { userId }, { role: "owner", scope: organisation }));
    expect(refused).toMatchObject({ code: "FORBIDDEN", detail: { missing: "organisation.update" } });
    await grantRole(database, by, { userId }, { role: "publisher", scope: organisation });
    expect(await can(world, user(userId), "environment.publish", production)).toBe(true);
  });

  it("finds nothing of another organisation", async () => {
    const [mine, theirs] = [await addMember(world), await addMember(world, otherId)];
    const theirTeam = await addTeam(world, otherId, [theirs]);
    const by = await owner();
    const code = async (to: Parameters<typeof grantRole>[2], scope: Scope, role = "viewer") =>
      (await refusal(grantRole(database, by, to, { role, scope }))).code;
    expect(await code({ userId: theirs }, organisation)).toBe("NOT_FOUND");
    expect(await code({ teamId: theirTeam }, organisation)).toBe("NOT_FOUND");
    expect(await code({ tokenId: "none" }, organisation)).toBe("NOT_FOUND");
    expect(await code({ userId: mine }, { ...project, projectId: foreign.projectId })).toBe("NOT_FOUND");
    expect(await code({ userId: mine }, { ...production, environmentId: "none" })).toBe("NOT_FOUND");
    expect(await code({ userId: mine }, organisation, "no-such-role")).toBe("NOT_FOUND");
    expect(await code({ userId: mine }, foreign)).toBe("FORBIDDEN");
  });

  it("is kept inside the organisation by the database, too", async () => {
    const [mine, theirs] = [await addMember(world), await addMember(world, otherId)];
    const theirTeam = await addTeam(world, otherId, [theirs]);
    const row = { organisationId, role: "viewer", createdBy: {} };
    const theirGrant = (place: { projectId: string; environmentId?: string }) => {
      return { ...row, id: newId(), organisationId: otherId, userId: theirs, ...place };
    };
    const store = (data: object) => database.grant.create({ data: { id: newId(), ...row, ...data } });
    await expect(store({ userId: theirs })).rejects.toThrow();
    await expect(store({ teamId: theirTeam })).rejects.toThrow();
    await expect(store({ userId: mine, projectId: foreign.projectId })).rejects.toThrow();
    await expect(store({ userId: mine, environmentId: production.environmentId })).rejects.toThrow();
    await expect(store({})).rejects.toThrow();
    const team = await addTeam(world, organisationId, []);
    await expect(store({ userId: mine, teamId: team })).rejects.toThrow();
    await expect(store({ userId: mine, role: null })).rejects.toThrow();
    const { environmentId } = production;
    const theirProject = { projectId: foreign.projectId };
    await expect(database.grant.create({ data: theirGrant({ ...theirProject, environmentId }) })).rejects.toThrow();
    await database.grant.create({ data: theirGrant(theirProject) });
    const customRole = { id: newId(), organisationId: otherId, key: "theirs", name: "Theirs", actions: [] };
    await database.customRole.create({ data: customRole });
    await expect(store({ userId: mine, role: null, customRoleId: customRole.id })).rejects.toThrow();
    await store({ userId: mine, projectId: project.projectId, environmentId });
    const member = { organisationId, teamId: team, userId: theirs };
    await expect(database.teamMember.create({ data: member })).rejects.toThrow();
    const segment = { id: newId(), projectId: project.projectId, key: "s", name: "S", definition: {} };
    await expect(database.segment.create({ data: { ...segment, teamId: theirTeam } })).rejects.toThrow("organisation");
    await database.segment.create({ data: { ...segment, teamId: team } });
    const flag = { id: newId(), projectId: project.projectId, key: "f", name: "F", type: "boolean" as const };
    await expect(database.flag.create({ data: { ...flag, teamId: theirTeam } })).rejects.toThrow("organisation");
    const { id } = await database.flag.create({ data: flag });
    const owned = { where: { id }, data: { teamId: theirTeam } };
    await expect(database.flag.update(owned)).rejects.toThrow("organisation");
  });
});

describe("the system", () => {
  it("may do what its name stands for, and no name stands for everything", async () => {
    for (const [name, actions] of Object.entries(SYSTEM_ACTORS)) {
      const { record, grants } = await read(world, { kind: "system", name: name as SystemActorName });
      expect(record).toEqual({ kind: "system", id: null, name });
      expect(narrow(grants, grants)).toEqual(grants);
      expect(grants.flatMap((grant) => grant.actions)).toEqual(actions);
      expect(decideAccess(grants, "organisation.update", organisation).allowed).toBe(false);
    }
    for (const name of ["somebody", "toString"]) {
      const { grants } = await read(world, { kind: "system", name: name as SystemActorName });
      expect(grants.flatMap((grant) => grant.actions)).toEqual([]);
    }
  });
});

describe("who can", () => {
  it("is read of people and teams of the organisation, and of nobody else", async () => {
    const [ana, li, out] = [await addMember(world), await addMember(world), await addMember(world)];
    const teamId = await addTeam(world, organisationId, [li]);
    await grantRole(database, await owner(), { userId: ana }, { role: "publisher", scope: production });
    await grantRole(database, await owner(), { teamId }, { role: "publisher", scope: project });
    await grantRole(database, await owner(), { userId: out }, { role: "publisher", scope: development });
    await addToken(world, await owner(), { roles: [{ role: "publisher", scope: project }] });
    const everybody = await readPeople(database, organisationId);
    expect(everybody.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.values({ ana, li, out })));
    expect(everybody.map(({ id }) => id)).not.toContain(ids.stranger);
    const able = whoCan(everybody, "environment.publish", production).map(({ id }) => id);
    expect(able).toEqual(expect.arrayContaining([ids.owner, ana, li]));
    expect(able).not.toContain(out);
    expect(able).not.toContain(ids.viewer);
    for (const person of everybody) {
      expect(person.grants).toEqual((await read(world, user(person.id))).grants);
    }
    const some = await readPeople(database, organisationId, "environment.publish");
    expect(whoCan(some, "environment.publish", production).map(({ id }) => id)).toEqual(able);
    expect(some.map(({ id }) => id)).not.toContain(ids.viewer);
  });
});

describe("what is required", () => {
  it("passes who may do it, and tells others who can", async () => {
    const [mine, other] = [await addMember(world), await addMember(world)];
    await grantRole(database, await owner(), { userId: mine }, { role: "publisher", scope: development });
    const role = { id: newId(), organisationId, key: "shipper", name: "Shipper", actions: ["environment.publish"] };
    await database.customRole.create({ data: role });
    const access = await read(world, user(mine));
    await requireAction(database, access, "environment.publish", development);
    const refused = await refusal(requireAction(database, access, "environment.publish", production));
    const people = await readPeople(database, organisationId);
    const able = whoCan(people, "environment.publish", production).map(({ id, name }) => ({ id, name }));
    expect(refused).toMatchObject({ code: "FORBIDDEN", detail: { missing: "environment.publish", whoCan: able } });
    expect(able.map(({ id }) => id)).toContain(ids.owner);
    expect(able.map(({ id }) => id)).not.toContain(other);
    expect(refused.message).toContain("Shipper");
  });

  it("names the wider place where the action is asked there", async () => {
    const by = await read(world, user(ids.viewer));
    const archive = await refusal(requireAction(database, by, "flag.archive", production));
    expect(archive.message).toContain(" in Shop you need ");
    const token = await addToken(world, await owner(), { roles: [{ role: "viewer", scope: project }] });
    const update = requireAction(database, await read(world, token.actor), "organisation.update", production);
    expect((await refusal(update)).message).toContain(" in Demo this token needs ");
  });
});
