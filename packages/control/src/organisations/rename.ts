import { NOTHING_CHANGED } from "@telltale/configuration";
import { z } from "zod";
import { defineOrganisationCommand } from "../door/command.ts";
import { inOrganisation, name } from "../shapes.ts";

export const renameOrganisation = defineOrganisationCommand({
  name: "organisation.rename",
  describe: "Renames an organisation for people; its key stays.",
  input: inOrganisation.extend({ name }),
  output: z.object({ sentence: z.string() }),
  action: "organisation.update",
  async apply({ tx, organisation, audit }, input) {
    const { id, key, name: before } = organisation;
    if (before === input.name) return { output: { sentence: NOTHING_CHANGED }, inverse: [] };
    await tx.organisation.update({ where: { id }, data: { name: input.name } });
    const sentence = `Renamed from "${before}" to "${input.name}".`;
    audit({ object: "organisation", objectKey: key, sentence, detail: { before, after: input.name } });
    const undo = { organisation: input.organisation, name: before };
    return { output: { sentence }, inverse: [{ name: "organisation.rename", input: undo }] };
  },
});
