import { keySchema } from "@telltale/configuration";
import { newId } from "@telltale/db";
import { z } from "zod";
import { defineCommand } from "../door/command.ts";
import { ControlError } from "../door/error.ts";
import { inProject, name, onlyKey } from "../shapes.ts";
import { fillEnvironment, lockProject } from "./fill.ts";

export const createEnvironment = defineCommand({
  name: "environment.create",
  describe:
    "Adds an environment to a project, as its last one; every flag is off there. Its first version is published.",
  input: inProject.extend({
    /** Unique within the project. */
    key: keySchema,
    name,
    /** Whether a change has to be confirmed at the switch. */
    critical: z.boolean().optional(),
  }),
  output: onlyKey,
  action: "environment.create",
  async apply(change, input) {
    const { tx, project } = change;
    const { key, name, critical = false } = input;
    await lockProject(change);
    const others = await tx.environment.findMany({ where: { projectId: project.id } });
    const taken = others.find((other) => other.key === key);
    if (taken) {
      const archived = taken.archivedAt ? " (archived)" : "";
      throw new ControlError("EXISTS", `There is an environment "${key}" already${archived}. Choose another key.`);
    }
    const id = newId();
    const position = Math.max(-1, ...others.map((other) => other.position)) + 1;
    await tx.environment.create({ data: { id, projectId: project.id, key, name, critical, position } });
    await fillEnvironment(change, id);
    // Nobody is served by it yet.
    change.touch(id, "all", "safe");
    const sentence = `Created "${name}"${critical ? ", a critical environment" : ""}; every flag is off in it.`;
    change.audit({ object: "environment", objectKey: key, environment: key, sentence });
    const undo = { project: input.project, environment: key };
    return { output: { key }, inverse: [{ name: "environment.archive", input: undo }] };
  },
});
