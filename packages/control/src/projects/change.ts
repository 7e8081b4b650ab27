import type { Database } from "@telltale/db";
import type { Actor } from "../door/actor.ts";
import { commit } from "../door/commit.ts";
import { commitOrganisation } from "../door/organisation.ts";
import { checkOrder } from "../environments/change.ts";
import { NOTHING_CHANGED } from "../flags/sentence.ts";

/** Renames a project for people; its key stays. @throws ControlError NOT_FOUND, FORBIDDEN */
export function renameProject(
  database: Database,
  actor: Actor,
  input: { project: string; name: string },
): Promise<{ key: string; sentence: string }> {
  return commit(database, actor, input.project, async ({ tx, project, audit }) => {
    const { id, key, name } = project;
    if (name === input.name) return { key, sentence: NOTHING_CHANGED };
    await tx.project.update({ where: { id }, data: { name: input.name } });
    const sentence = `Renamed from "${name}" to "${input.name}".`;
    audit({ object: "project", objectKey: key, action: "rename", sentence });
    return { key, sentence };
  });
}

/**
 * Puts the projects of an organisation into an order.
 * @throws ControlError NOT_FOUND, FORBIDDEN, INVALID unless each is named once by its key
 */
export function orderProjects(
  database: Database,
  actor: Actor,
  input: { organisation: string; projects: readonly string[] },
): Promise<{ sentence: string }> {
  return commitOrganisation(database, actor, input.organisation, async ({ tx, organisation, audit }) => {
    const projects = await tx.project.findMany({
      where: { organisationId: organisation.id, archivedAt: null },
      orderBy: [{ position: "asc" }, { createdAt: "asc" }],
    });
    const before = projects.map(({ key }) => key);
    checkOrder(before, input.projects, "project");
    if (before.join() === input.projects.join()) return { sentence: NOTHING_CHANGED };
    for (const [position, key] of input.projects.entries()) {
      const where = { organisationId_key: { organisationId: organisation.id, key } };
      await tx.project.update({ where, data: { position } });
    }
    const sentence = `Order of projects: ${input.projects.join(", ")}.`;
    await audit({ action: "order", sentence });
    return { sentence };
  });
}
