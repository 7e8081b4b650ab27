import { NOTHING_CHANGED } from "@telltale/configuration";
import { z } from "zod";
import { defineCommand, defineOrganisationCommand } from "../door/command.ts";
import { checkOrder } from "../environments/order.ts";
import { inOrganisation, inProject, name } from "../shapes.ts";

const output = z.object({ sentence: z.string() });

export const renameProject = defineCommand({
  name: "project.rename",
  describe: "Renames a project for people; its key stays.",
  input: inProject.extend({ name }),
  output,
  action: "project.update",
  async apply({ tx, project, audit }, input) {
    if (project.name === input.name) return { output: { sentence: NOTHING_CHANGED }, inverse: [] };
    await tx.project.update({ where: { id: project.id }, data: { name: input.name } });
    const sentence = `Renamed from "${project.name}" to "${input.name}".`;
    const detail = { before: { name: project.name }, after: { name: input.name } };
    audit({ object: "project", objectKey: project.key, sentence, detail });
    const undo = { project: input.project, name: project.name };
    return { output: { sentence }, inverse: [{ name: "project.rename", input: undo }] };
  },
});

export const orderProjects = defineOrganisationCommand({
  name: "project.order",
  describe: "Puts the projects of an organisation into an order; each is named once.",
  input: inOrganisation.extend({ projects: z.array(z.string().max(100)).max(1_000) }),
  output,
  action: "organisation.update",
  async apply({ tx, organisation, audit }, input) {
    const organisationId = organisation.id;
    const projects = await tx.project.findMany({
      where: { organisationId, archivedAt: null },
      orderBy: [{ position: "asc" }, { createdAt: "asc" }],
    });
    const before = projects.map(({ key }) => key);
    checkOrder(before, input.projects, "project");
    if (before.join() === input.projects.join()) return { output: { sentence: NOTHING_CHANGED }, inverse: [] };
    for (const [position, key] of input.projects.entries()) {
      await tx.project.update({ where: { organisationId_key: { organisationId, key } }, data: { position } });
    }
    const sentence = `Order of projects: ${input.projects.join(", ")}.`;
    const detail = { before, after: input.projects };
    audit({ object: "organisation", objectKey: organisation.key, sentence, detail });
    const undo = { organisation: input.organisation, projects: before };
    return { output: { sentence }, inverse: [{ name: "project.order", input: undo }] };
  },
});
