import { announceKeys } from "@telltale/ruleset";
import { lockEnvironments } from "../door/change.ts";
import { defineCommand, defineOrganisationCommand } from "../door/command.ts";
import { notFound } from "../door/error.ts";
import { refuseRunning } from "../environments/running.ts";
import { inOrganisation, inProject, onlyKey } from "../shapes.ts";

/** Nothing else changes: a project that is archived by mistake is restored as it was. */
export const archiveProject = defineCommand({
  name: "project.archive",
  describe: "Archives a project: it is like one that is not there, and its keys are refused, until it is restored.",
  input: inProject,
  output: onlyKey,
  action: "project.archive",
  async apply(change) {
    const { tx, project, organisation } = change;
    const { id, key, name } = project;
    await lockEnvironments(change);
    await refuseRunning(tx, { projectId: id }, name);
    await tx.project.update({ where: { id }, data: { archivedAt: new Date() } });
    for (const environment of project.environments) {
      await announceKeys(tx, environment.id);
      // Policies treat it as a removal: it only takes away.
      change.touch(environment.id, {}, "safe", "all");
    }
    change.audit({ object: "project", objectKey: key, sentence: `Archived "${name}": its keys are refused.` });
    const undo = { organisation: organisation.key, project: key };
    return { output: { key }, inverse: [{ name: "project.restore", input: undo }] };
  },
});

export const restoreProject = defineOrganisationCommand({
  name: "project.restore",
  describe: "Restores an archived project with its keys.",
  input: inOrganisation.extend({ project: onlyKey.shape.key }),
  output: onlyKey,
  action: "project.archive",
  async apply({ tx, organisation, audit }, input) {
    const where = { organisationId_key: { organisationId: organisation.id, key: input.project } };
    const found = await tx.project.findUnique({ where, include: { environments: { where: { archivedAt: null } } } });
    if (!found) throw notFound("project", input.project);
    const { id, key, name } = found;
    if (!found.archivedAt) return { output: { key }, inverse: [] };
    await tx.project.update({ where: { id }, data: { archivedAt: null } });
    for (const environment of found.environments) await announceKeys(tx, environment.id);
    audit({ object: "project", objectKey: key, projectId: id, sentence: `Restored "${name}" with its keys.` });
    const undo = { project: `${organisation.key}/${key}` };
    return { output: { key }, inverse: [{ name: "project.archive", input: undo }] };
  },
});
