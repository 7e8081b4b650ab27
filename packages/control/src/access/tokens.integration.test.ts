import type { Scope } from "@telltale/access";
import type { Database } from "@telltale/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusal } from "../fixtures.ts";
import { addMember, addToken, can, openTwoOrganisations, read, type TwoOrganisations, user } from "./fixtures.ts";
import { grantRole } from "./give-role.ts";
import { readAccess } from "./read-access.ts";
import { endToken, findToken, issueToken, readTokens } from "./tokens.ts";

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

describe("a service token", () => {
  it("may do what it was given, and is written down by its name", async () => {
    const { actor } = await addToken(world, await owner(), { roles: [{ role: "editor", scope: project }] });
    expect((await read(world, actor)).record).toEqual({ kind: "token", id: actor.tokenId, name: "CI" });
    expect(await can(world, actor, "flag.update", production)).toBe(true);
    expect(await can(world, actor, "environment.publish", production)).toBe(false);
    expect(await readAccess(database, actor, otherId)).toBeNull();
  });

  it("cannot do more than its creator, and needs something to do", async () => {
    const by = await read(world, user(ids.viewer));
    const count = await database.token.count();
    const refused = await refusal(
      database.$transaction((tx) => {
        const roles = [{ role: "publisher", scope: project }];
        return issueToken(tx, by, { organisationId, kind: "service", name: "CI", roles, expiresAt: null });
      }),
    );
    expect(refused.code).toBe("FORBIDDEN");
    expect((await refusal(addToken(world, await owner(), {}))).code).toBe("INVALID");
    const past = { roles: [{ role: "viewer", scope: project }], expiresAt: new Date(0) };
    expect((await refusal(addToken(world, await owner(), past))).code).toBe("INVALID");
    const elsewhere = { roles: [{ role: "viewer", scope: foreign }] };
    expect((await refusal(addToken(world, await owner(), elsewhere))).code).toBe("INVALID");
    expect(await database.token.count()).toBe(count);
  });
});

describe("a personal token", () => {
  const personal = { kind: "personal", name: "laptop" } as const;

  it("may do what its person may, as it is at the time", async () => {
    const userId = await addMember(world);
    await grantRole(database, await owner(), { userId }, { role: "publisher", scope: project });
    const { actor } = await addToken(world, await read(world, user(userId)), personal);
    const { record, grants } = await read(world, actor);
    expect(record).toMatchObject({ kind: "token", id: actor.tokenId, userId });
    expect(record.name).toMatch(/^Member \d+ \(token laptop\)$/);
    expect(grants).toEqual((await read(world, user(userId))).grants);
    await database.grant.deleteMany({ where: { userId } });
    expect(await can(world, actor, "project.read", project)).toBe(false);
    await database.member.deleteMany({ where: { userId } });
    expect(await readAccess(database, actor, organisationId)).toBeNull();
  });

  it("may do only what its own roles hold of that", async () => {
    const by = await read(world, user(ids.viewer));
    const { actor } = await addToken(world, by, { ...personal, roles: [{ role: "owner", scope: development }] });
    expect(await can(world, actor, "project.read", project)).toBe(false);
    const strong = await addToken(world, await owner(), { ...personal, roles: [{ role: "editor", scope: project }] });
    expect(await can(world, strong.actor, "flag.update", production)).toBe(true);
    expect(await can(world, strong.actor, "environment.publish", production)).toBe(false);
    expect(await can(world, strong.actor, "member.manage", organisation)).toBe(false);
  });

  it("may do nothing once its own grants are gone", async () => {
    const { actor, id } = await addToken(world, await owner(), personal);
    expect(await can(world, actor, "organisation.update", organisation)).toBe(true);
    await database.grant.deleteMany({ where: { tokenId: id } });
    expect((await read(world, actor)).grants).toEqual([]);
  });

  it("is created by its person alone, not by a token of theirs or an agent", async () => {
    const { actor } = await addToken(world, await owner(), personal);
    const agent = { kind: "agent", name: "Claude", onBehalfOf: user(ids.owner) } as const;
    for (const by of [actor, agent]) {
      expect((await refusal(addToken(world, await read(world, by), personal))).code).toBe("FORBIDDEN");
    }
  });
});

describe("a token's secret", () => {
  it("finds the token, and notes its use once a minute at most", async () => {
    const { id, secret, hint } = await addToken(world, await owner(), { roles: [{ role: "viewer", scope: project }] });
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
    const tokens = await readTokens(database, organisationId);
    expect(tokens.find((token) => token.id === id)).toMatchObject({ name: "CI", hint, revokedAt: null });
    expect(JSON.stringify(await database.token.findMany())).not.toContain(secret);
  });

  it("opens nothing once it was revoked, at once and for good", async () => {
    const { id, secret, actor } = await addToken(world, await owner(), { roles: [{ role: "viewer", scope: project }] });
    expect((await refusal(endToken(database, { organisationId: otherId, id }))).code).toBe("NOT_FOUND");
    await endToken(database, { organisationId, id });
    expect(await findToken(database, secret)).toEqual({ state: "revoked" });
    expect((await refusal(readAccess(database, actor, organisationId))).code).toBe("FORBIDDEN");
    expect(await readAccess(database, actor, otherId)).toBeNull();
    const { revokedAt } = await database.token.findUniqueOrThrow({ where: { id } });
    await endToken(database, { organisationId, id });
    expect((await database.token.findUniqueOrThrow({ where: { id } })).revokedAt).toEqual(revokedAt);
  });

  it("opens nothing from the moment at which it expires", async () => {
    const expiresAt = new Date(Date.now() + 3_600_000);
    const roles = [{ role: "viewer", scope: project }];
    const { id, secret, actor } = await addToken(world, await owner(), { roles, expiresAt });
    expect((await findToken(database, secret, new Date(expiresAt.getTime() - 1))).state).toBe("valid");
    expect(await findToken(database, secret, expiresAt)).toEqual({ state: "expired" });
    await read(world, actor);
    await database.token.update({ where: { id }, data: { expiresAt: new Date(0) } });
    expect((await refusal(readAccess(database, actor, organisationId))).code).toBe("FORBIDDEN");
  });

  it("that nobody has is unknown", async () => {
    const { id, secret } = await addToken(world, await owner(), { roles: [{ role: "viewer", scope: project }] });
    await database.token.delete({ where: { id } });
    for (const text of [secret, "", `${secret}x`, "x".repeat(60_000)]) {
      expect(await findToken(database, text)).toEqual({ state: "unknown" });
    }
  });
});

describe("an agent", () => {
  it("may do what the one whom it acts for may, but judges no changes", async () => {
    const agent = { kind: "agent", name: "Claude", onBehalfOf: user(ids.owner) } as const;
    const { record } = await read(world, agent);
    expect(record).toEqual({ kind: "agent", id: ids.owner, userId: ids.owner, name: "Claude for owner" });
    expect(await can(world, agent, "flag.update", production)).toBe(true);
    expect(await can(world, agent, "change.approve", production)).toBe(false);
    expect(await can(world, agent, "change.bypass", production)).toBe(false);
    expect(await readAccess(database, { ...agent, onBehalfOf: user(ids.stranger) }, organisationId)).toBeNull();
  });

  it("is held by the token that it came with", async () => {
    const { actor } = await addToken(world, await owner(), { roles: [{ role: "viewer", scope: project }] });
    const agent = { kind: "agent", name: "Claude", onBehalfOf: actor } as const;
    expect((await read(world, agent)).record.name).toBe("Claude for CI");
    expect(await can(world, agent, "project.read", project)).toBe(true);
    expect(await can(world, agent, "flag.update", production)).toBe(false);
  });
});
