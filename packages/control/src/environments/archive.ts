import type { Database } from "@telltale/db";
import { announceKeys } from "@telltale/ruleset";
import type { Actor } from "../door/actor.ts";
import { commit, environmentOf, lockEnvironments } from "../door/commit.ts";
import { invalid, notFound } from "../door/error.ts";
import { fillEnvironment, lockProject } from "./fill.ts";

/**
 * Archives an environment: its keys are refused, and nothing is published to it until it is restored.
 * @throws ControlError NOT_FOUND, FORBIDDEN, INVALID where experiments run in it or it is the last one
 */
export function archiveEnvironment(
  database: Database,
  actor: Actor,
  input: { project: string; environment: string },
): Promise<{ key: string }> {
  return commit(database, actor, input.project, async (change) => {
    const { tx, project } = change;
    const { id, key, name } = environmentOf(project, input.environment);
    await lockProject(change);
    await lockEnvironments(change);
    const others = await tx.environment.count({ where: { projectId: project.id, archivedAt: null, NOT: { id } } });
    if (others === 0) throw invalid([`"${name}" is the last environment of the project. Archive the project instead.`]);
    const running = await tx.experiment.findMany({ where: { environmentId: id, status: "running" } });
    if (running.length > 0) {
      const keys = running.map((experiment) => experiment.key).join(", ");
      throw invalid([`Experiments run in "${name}": ${keys}. Stop them first.`]);
    }
    await tx.environment.update({ where: { id }, data: { archivedAt: new Date() } });
    await announceKeys(tx);
    const sentence = `Archived "${name}": its keys are refused.`;
    change.audit({ object: "environment", objectKey: key, environment: key, action: "archive", sentence });
    return { key };
  });
}

/**
 * Restores an archived environment with its keys, and publishes it; flags that were made meanwhile are off there.
 * @throws ControlError NOT_FOUND, FORBIDDEN
 */
export function restoreEnvironment(
  database: Database,
  actor: Actor,
  input: { project: string; environment: string },
): Promise<{ key: string }> {
  return commit(database, actor, input.project, async (change) => {
    const { tx, project } = change;
    await lockProject(change);
    const where = { projectId_key: { projectId: project.id, key: input.environment } };
    const found = await tx.environment.findUnique({ where });
    if (!found) throw notFound("environment", input.environment);
    const { id, key, name } = found;
    if (!found.archivedAt) return { key };
    await tx.environment.update({ where: { id }, data: { archivedAt: null } });
    const added = await fillEnvironment(change, id);
    change.touch(id);
    await announceKeys(tx);
    const news = added === 0 ? "" : ` Flags made meanwhile are off in it: ${added}.`;
    const sentence = `Restored "${name}" with its keys.${news}`;
    change.audit({ object: "environment", objectKey: key, environment: key, action: "restore", sentence });
    return { key };
  });
}
