import { type Database, newId } from "@telltale/db";
import type { Actor, Role } from "../door/actor.ts";
import { authorise } from "../door/actor.ts";
import { writeProjectAddress } from "../door/address.ts";

/** The organisation of that key; made when there is none. Only the system may do this. */
export async function ensureOrganisation(database: Database, input: { key: string; name: string }) {
  return database.organisation.upsert({ where: { key: input.key }, update: {}, create: { id: newId(), ...input } });
}

/** Gives a person a role. @throws ControlError NOT_FOUND, FORBIDDEN unless an owner or the system asks */
export async function setMember(
  database: Database,
  actor: Actor,
  input: { organisationId: string; userId: string; role: Role },
): Promise<void> {
  await authorise(database, actor, input.organisationId, "change");
  const { organisationId, userId, role } = input;
  await database.member.upsert({
    where: { organisationId_userId: { organisationId, userId } },
    update: { role },
    create: { id: newId(), organisationId, userId, role },
  });
}

/** Who a signed-in user is, and of which organisations and projects; null where nobody has that id. */
export async function getMembership(database: Database, userId: string) {
  const user = await database.user.findUnique({
    where: { id: userId },
    select: {
      id: true,
      name: true,
      email: true,
      members: {
        orderBy: { organisation: { name: "asc" } },
        select: {
          role: true,
          organisation: {
            select: {
              key: true,
              name: true,
              projects: {
                where: { archivedAt: null },
                orderBy: [{ position: "asc" }, { createdAt: "asc" }],
                select: { key: true, name: true },
              },
            },
          },
        },
      },
    },
  });
  if (!user) return null;
  const { members, ...person } = user;
  return {
    user: person,
    organisations: members.map(({ role, organisation: { key: organisation, name, projects } }) => ({
      key: organisation,
      name,
      role,
      projects: projects.map(({ key, name }) => ({
        address: writeProjectAddress({ organisation, project: key }),
        key,
        name,
      })),
    })),
  };
}
