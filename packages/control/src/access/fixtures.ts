import { type Action, decideAccess, type Scope } from "@telltale/access";
import { type Database, newId } from "@telltale/db";
import { addPeople, openShop, system } from "../fixtures.ts";
import { createProject, ensureOrganisation, setMemberRole } from "../index.ts";
import type { Actor } from "./actor.ts";
import { type Access, readAccess } from "./read-access.ts";
import { issueToken, type NewToken } from "./tokens.ts";

type ProjectScope = Scope & { kind: "project" };
type EnvironmentScope = Scope & { kind: "environment" };

/** Two organisations: `demo`, which is asked about, with an owner and a viewer; and `other`, owned by the stranger. */
export interface TwoOrganisations {
  database: Database;
  organisationId: string;
  otherId: string;
  /** Of people. */
  ids: { owner: string; viewer: string; stranger: string };
  organisation: Scope;
  project: ProjectScope;
  production: EnvironmentScope;
  development: EnvironmentScope;
  /** A project of the other organisation. */
  foreign: ProjectScope;
  close(): Promise<void>;
}

export async function openTwoOrganisations(): Promise<TwoOrganisations> {
  const shop = await openShop();
  const { database, organisationId, close } = shop;
  const { owner, viewer, stranger } = await addPeople(shop);
  const ids = { owner: personId(owner), viewer: personId(viewer), stranger: personId(stranger) };
  const { id: otherId } = await ensureOrganisation(database, { key: "other", name: "Other" });
  await setMemberRole(database, system, { organisation: "other", userId: ids.stranger, role: "owner" });
  await createProject(database, system, {
    organisation: "other",
    key: "theirs",
    name: "Theirs",
    environments: [{ key: "production", name: "Production" }],
  });
  const project = await readProjectScope(database, "shop");
  return {
    database,
    organisationId,
    otherId,
    ids,
    project,
    close: () => close(),
    organisation: { kind: "organisation", organisationId },
    production: await readEnvironmentScope(database, project, "production"),
    development: await readEnvironmentScope(database, project, "development"),
    foreign: await readProjectScope(database, "theirs"),
  };
}

function personId(actor: { kind: string; userId?: string }): string {
  return actor.userId ?? "";
}

async function readProjectScope(database: Database, key: string): Promise<ProjectScope> {
  const row = await database.project.findFirstOrThrow({ where: { key } });
  return { kind: "project", organisationId: row.organisationId, projectId: row.id };
}

async function readEnvironmentScope(database: Database, project: ProjectScope, key: string): Promise<EnvironmentScope> {
  const row = await database.environment.findFirstOrThrow({ where: { key, projectId: project.projectId } });
  return { ...project, kind: "environment", environmentId: row.id };
}

/** A person as an actor. */
export const user = (userId: string) => ({ kind: "user", userId }) as const;

/** What an actor may do where they have a place. */
export async function read(
  { database, organisationId }: TwoOrganisations,
  actor: Actor,
  organisation = organisationId,
): Promise<Access> {
  const access = await readAccess(database, actor, organisation);
  if (!access) throw new Error("no place here");
  return access;
}

/** Whether an actor may do something in a scope, in whose organisation they have a place. */
export async function can(world: TwoOrganisations, actor: Actor, action: Action, scope: Scope): Promise<boolean> {
  return decideAccess((await read(world, actor, scope.organisationId)).grants, action, scope).allowed;
}

let people = 0;

/** A member without any grant. */
export async function addMember(world: TwoOrganisations, organisationId = world.organisationId): Promise<string> {
  const id = newId();
  const name = `Member ${++people}`;
  await world.database.user.create({ data: { id, name, email: `${id}@example.com` } });
  await world.database.member.create({ data: { id: newId(), organisationId, userId: id, role: "viewer" } });
  return id;
}

/** A team called Checkout. */
export async function addTeam({ database }: TwoOrganisations, organisationId: string, members: string[]) {
  const id = newId();
  await database.team.create({ data: { id, organisationId, key: id, name: "Checkout" } });
  await database.teamMember.createMany({ data: members.map((userId) => ({ organisationId, teamId: id, userId })) });
  return id;
}

/** A token, and itself as an actor. */
export async function addToken({ database, organisationId }: TwoOrganisations, by: Access, input: Partial<NewToken>) {
  const whole: NewToken = { organisationId, kind: "service", name: "CI", roles: [], expiresAt: null, ...input };
  const { id, secret, hint } = await issueToken(database, by, whole);
  return { id, secret, hint, actor: { kind: "token", tokenId: id } as const };
}
