import { announceKeys } from "@telltale/ruleset";
import { findEnvironment, lockEnvironments } from "../door/change.ts";
import { defineCommand } from "../door/command.ts";
import { invalid, notFound } from "../door/error.ts";
import { inItsEnvironment, onlyKey } from "../shapes.ts";
import { fillEnvironment, lockProject } from "./fill.ts";
import { refuseRunning } from "./running.ts";

export const archiveEnvironment = defineCommand({
  name: "environment.archive",
  describe: "Archives an environment: its keys are refused, and nothing is published to it, until it is restored.",
  input: inItsEnvironment,
  output: onlyKey,
  action: "environment.archive",
  async apply(change, input) {
    const { tx, project } = change;
    const { id, key, name } = findEnvironment(project, input.environment);
    await lockProject(change);
    await lockEnvironments(change);
    const others = await tx.environment.count({ where: { projectId: project.id, archivedAt: null, NOT: { id } } });
    if (others === 0) throw invalid([`"${name}" is the last environment of the project. Archive the project instead.`]);
    await refuseRunning(tx, { environmentId: id }, name);
    await tx.environment.update({ where: { id }, data: { archivedAt: new Date() } });
    await announceKeys(tx, id);
    // Policies treat it as a removal: it only takes away.
    change.touch(id, {}, "safe", "all");
    const sentence = `Archived "${name}": its keys are refused.`;
    change.audit({ object: "environment", objectKey: key, environment: key, sentence });
    return { output: { key }, inverse: [{ name: "environment.restore", input }] };
  },
});

export const restoreEnvironment = defineCommand({
  name: "environment.restore",
  describe: "Restores an archived environment with its keys, and publishes it; flags made meanwhile are off there.",
  input: inItsEnvironment,
  output: onlyKey,
  action: "environment.archive",
  async apply(change, input) {
    const { tx, project } = change;
    await lockProject(change);
    const found = await tx.environment.findUnique({
      where: { projectId_key: { projectId: project.id, key: input.environment } },
    });
    if (!found) throw notFound("environment", input.environment);
    const { id, key, name } = found;
    if (!found.archivedAt) return { output: { key }, inverse: [] };
    await tx.environment.update({ where: { id }, data: { archivedAt: null } });
    const added = await fillEnvironment(change, id);
    change.touch(id, "all");
    await announceKeys(tx, id);
    const news = added === 0 ? "" : ` Flags made meanwhile are off in it: ${added}.`;
    const sentence = `Restored "${name}" with its keys.${news}`;
    change.audit({ object: "environment", objectKey: key, environment: key, sentence });
    return { output: { key }, inverse: [{ name: "environment.archive", input }] };
  },
});
