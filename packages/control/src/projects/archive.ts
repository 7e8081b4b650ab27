import type { Database } from "@telltale/db";
import { announceKeys } from "@telltale/ruleset";
import type { Actor } from "../door/actor.ts";
import { commit, lockEnvironments } from "../door/commit.ts";
import { invalid, notFound } from "../door/error.ts";
import { commitOrganisation } from "../door/organisation.ts";

/**
 * Archives a project: from now on it is like one that is not there, and its keys are refused, until it is restored.
 * @throws ControlError NOT_FOUND, FORBIDDEN, INVALID where experiments run in it
 */
export function archiveProject(database: Database, actor: Actor, input: { project: string }): Promise<{ key: string }> {
  return commit(database, actor, input.project, async (change) => {
    const { tx, project } = change;
    const { id, key, name } = project;
    await lockEnvironments(change);
    const running = await tx.experiment.findMany({ where: { projectId: id, status: "running" } });
    if (running.length > 0) {
      const keys = running.map((experiment) => experiment.key).join(", ");
      throw invalid([`Experiments run in "${name}": ${keys}. Stop them first.`]);
    }
    await tx.project.update({ where: { id }, data: { archivedAt: new Date() } });
    await announceKeys(tx);
    const sentence = `Archived "${name}": its keys are refused.`;
    change.audit({ object: "project", objectKey: key, action: "archive", sentence });
    return { key };
  });
}

/** Restores an archived project with its keys. @throws ControlError NOT_FOUND, FORBIDDEN */
export function restoreProject(
  database: Database,
  actor: Actor,
  input: { organisation: string; project: string },
): Promise<{ key: string }> {
  return commitOrganisation(database, actor, input.organisation, async ({ tx, organisation, actor: record }) => {
    const where = { organisationId_key: { organisationId: organisation.id, key: input.project } };
    const found = await tx.project.findUnique({ where });
    if (!found) throw notFound("project", input.project);
    const { id, key, name } = found;
    if (!found.archivedAt) return { key };
    await tx.project.update({ where: { id }, data: { archivedAt: null } });
    await announceKeys(tx);
    const audit = {
      object: "project",
      objectKey: key,
      action: "restore",
      sentence: `Restored "${name}" with its keys.`,
    };
    await tx.auditEvent.create({ data: { projectId: id, ...audit, actor: { ...record }, detail: {} } });
    return { key };
  });
}
