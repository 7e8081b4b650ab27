import { keySchema } from "@telltale/configuration";
import { type Database, type Model, newId } from "@telltale/db";
import type { Actor } from "../../door/actor.ts";
import { defineCommand } from "../../door/command.ts";
import { ControlError } from "../../door/error.ts";
import { openProject } from "../../door/open.ts";
import { inProject, name, onlyKey, unit } from "../../shapes.ts";
import { freeSlots } from "./slots.ts";

export const createLayer = defineCommand({
  name: "layer.create",
  describe: "Adds a layer: no unit is assigned in two of its experiments.",
  input: inProject.extend({ key: keySchema, name, unit }),
  output: onlyKey,
  action: "layer.create",
  isReversible: false,
  async apply({ tx, project, audit }, input) {
    const { key, name, unit = "targetingKey" } = input;
    if (await tx.layer.findUnique({ where: { projectId_key: { projectId: project.id, key } } })) {
      throw new ControlError("EXISTS", `There is a layer "${key}" already. Choose another key.`);
    }
    await tx.layer.create({ data: { id: newId(), projectId: project.id, key, name, unit } });
    audit({
      object: "layer",
      objectKey: key,
      sentence: `Created: experiments by ${unit}, one at a time for each.`,
    });
    return { output: { key } };
  },
});

/** A project's layers, with what runs in them and how much of the line is free in each environment. */
export async function listLayers(database: Database, actor: Actor, input: { project: string }) {
  const project = await openProject(database, actor, input.project);
  const layers = await database.layer.findMany({
    where: { projectId: project.id },
    include: { experiments: { where: { status: "running" }, orderBy: { slotFrom: "asc" } } },
    orderBy: { key: "asc" },
  });
  return layers.map(({ key, name, unit, experiments }) => ({
    key,
    name,
    unit,
    environments: project.environments.map((environment) => {
      const slots = experiments.filter(({ environmentId }) => environmentId === environment.id).flatMap(slotOf);
      const free = freeSlots(slots).reduce((sum, { from, to }) => sum + to - from, 0);
      return { key: environment.key, free, experiments: slots };
    }),
  }));
}

/** An experiment's slot, once it has one. */
export function slotOf({ key, slotFrom, slotTo }: Pick<Model.Experiment, "key" | "slotFrom" | "slotTo">) {
  return slotFrom === null || slotTo === null ? [] : [{ key, from: slotFrom, to: slotTo }];
}
