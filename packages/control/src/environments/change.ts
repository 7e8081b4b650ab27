import { NOTHING_CHANGED } from "@telltale/configuration";
import { z } from "zod";
import { findEnvironment } from "../door/change.ts";
import { defineCommand } from "../door/command.ts";
import { ControlError } from "../door/error.ts";
import { inItsEnvironment, inProject, name } from "../shapes.ts";
import { checkOrder } from "./order.ts";

const output = z.object({ sentence: z.string() });

export const updateEnvironment = defineCommand({
  name: "environment.update",
  describe: "Renames an environment for people, or says whether it is a critical one; its key stays.",
  input: inItsEnvironment.extend({
    name: name.optional(),
    /** Whether a change has to be confirmed at the switch. */
    critical: z.boolean().optional(),
  }),
  output,
  action: "environment.update",
  async apply({ tx, project, audit, touch }, input) {
    const { id, key, ...was } = findEnvironment(project, input.environment);
    const before = { name: was.name, critical: was.critical };
    const after = { name: input.name ?? was.name, critical: input.critical ?? was.critical };
    const parts: string[] = [];
    if (after.name !== before.name) parts.push(`Renamed from "${before.name}" to "${after.name}".`);
    if (after.critical !== before.critical)
      parts.push(after.critical ? "Critical from now on." : "No longer critical.");
    const sentence = parts.join(" ");
    if (sentence === "") return { output: { sentence: NOTHING_CHANGED }, inverse: [] };
    await tx.environment.update({ where: { id }, data: after });
    // SDKs are told how quickly changes of a critical environment must reach them.
    if (after.critical !== before.critical) touch(id, "all");
    audit({ object: "environment", objectKey: key, environment: key, sentence, detail: { before, after } });
    const undo = { project: input.project, environment: key, ...before };
    return { output: { sentence }, inverse: [{ name: "environment.update", input: undo }] };
  },
});

export const orderEnvironments = defineCommand({
  name: "environment.order",
  describe: "Puts the environments of a project into an order, left to right; each is named once.",
  input: inProject.extend({ environments: z.array(z.string().max(100)).max(1_000) }),
  output,
  action: "project.update",
  async apply({ tx, project, audit }, input) {
    const before = project.environments.map(({ key }) => key);
    checkOrder(before, input.environments, "environment");
    if (before.join() === input.environments.join()) return { output: { sentence: NOTHING_CHANGED }, inverse: [] };
    for (const [position, key] of input.environments.entries()) {
      const { id } = findEnvironment(project, key);
      const { count } = await tx.environment.updateMany({ where: { id, archivedAt: null }, data: { position } });
      if (count === 0) throw new ControlError("CONFLICT", `"${key}" was archived just now. Look at the list again.`);
    }
    const sentence = `Order of environments: ${input.environments.join(", ")}.`;
    audit({ object: "project", objectKey: project.key, sentence, detail: { before, after: input.environments } });
    const undo = { project: input.project, environments: before };
    return { output: { sentence }, inverse: [{ name: "environment.order", input: undo }] };
  },
});
