import { keySchema } from "@telltale/configuration";
import { newId } from "@telltale/db";
import { z } from "zod";
import { writeProjectAddress } from "../door/address.ts";
import { defineOrganisationCommand } from "../door/command.ts";
import { ControlError } from "../door/error.ts";
import { inOrganisation, name } from "../shapes.ts";

const newEnvironment = z.object({
  /** Unique within the project. */
  key: keySchema,
  name,
  /** Whether a change has to be confirmed at the switch. */
  critical: z.boolean().optional(),
});

export const createProject = defineOrganisationCommand({
  name: "project.create",
  describe: "Creates a project with its environments, as the last one of its organisation.",
  input: inOrganisation.extend({
    /** Unique within the organisation. */
    key: keySchema,
    name,
    /** From left to right. */
    environments: z
      .array(newEnvironment)
      .min(1, "Give at least one environment.")
      .max(50)
      .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, "Two environments have the same key."),
  }),
  output: z.object({ address: z.string() }),
  action: "project.create",
  async apply({ tx, organisation, audit }, input) {
    const organisationId = organisation.id;
    const { key, name } = input;
    const taken = await tx.project.findUnique({ where: { organisationId_key: { organisationId, key } } });
    if (taken) {
      const archived = taken.archivedAt ? " (archived)" : "";
      throw new ControlError("EXISTS", `There is a project "${key}" already${archived}. Choose another key.`);
    }
    const last = await tx.project.aggregate({ where: { organisationId }, _max: { position: true } });
    const environments = input.environments.map(({ key, name, critical = false }, position) => {
      return { id: newId(), key, name, critical, position };
    });
    const position = (last._max.position ?? -1) + 1;
    const id = newId();
    await tx.project.create({
      data: { id, organisationId, key, name, position, environments: { create: environments } },
    });
    const names = environments.map((environment) => environment.name);
    audit({ object: "project", objectKey: key, projectId: id, sentence: `Created with ${names.join(", ")}.` });
    const address = writeProjectAddress({ organisation: organisation.key, project: key });
    return { output: { address }, inverse: [{ name: "project.archive", input: { project: address } }] };
  },
});
