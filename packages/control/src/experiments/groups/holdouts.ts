import { describeParts, keySchema } from "@telltale/configuration";
import { type Database, newId } from "@telltale/db";
import { z } from "zod";
import type { Actor } from "../../door/actor.ts";
import { defineCommand } from "../../door/command.ts";
import { ControlError, notFound } from "../../door/error.ts";
import { openProject } from "../../door/open.ts";
import { inProject, name, onlyKey, unit } from "../../shapes.ts";

/**
 * It holds for every experiment of the project that starts while it is active. Those that run already go on as they are,
 * as taking units from them would spoil their results.
 */
export const createHoldout = defineCommand({
  name: "holdout.create",
  describe: "Begins a holdout: a share of the units is assigned in no experiment that starts from now on.",
  input: inProject.extend({
    key: keySchema,
    name,
    unit,
    /** Share of the units, parts of 100,000. */
    parts: z.int().min(1).max(20_000, "A holdout takes at most 20 %: experiments need the others."),
  }),
  output: onlyKey,
  action: "holdout.create",
  async apply({ tx, project, audit, touch }, input) {
    const { key, name, parts, unit = "targetingKey" } = input;
    if (await tx.holdout.findUnique({ where: { projectId_key: { projectId: project.id, key } } })) {
      throw new ControlError("EXISTS", `There is a holdout "${key}" already. Choose another key.`);
    }
    await tx.holdout.create({ data: { id: newId(), projectId: project.id, key, name, parts, unit } });
    const sentence = `Began: ${describeParts(parts)} of the units by ${unit} meet no experiment that starts from now on.`;
    audit({ object: "holdout", objectKey: key, sentence });
    for (const environment of project.environments) touch(environment.id, "all");
    const undo = { project: input.project, holdout: key };
    return { output: { key }, inverse: [{ name: "holdout.end", input: undo }] };
  },
});

export const endHoldout = defineCommand({
  name: "holdout.end",
  describe: "Ends a holdout: its units may be assigned in experiments again.",
  input: inProject.extend({ holdout: keySchema }),
  output: onlyKey,
  action: "holdout.end",
  isReversible: false,
  async apply({ tx, project, audit, touch }, input) {
    const { count } = await tx.holdout.updateMany({
      where: { projectId: project.id, key: input.holdout, endedAt: null },
      data: { endedAt: new Date() },
    });
    if (count === 0) throw notFound("active holdout", input.holdout);
    audit({ object: "holdout", objectKey: input.holdout, sentence: "Ended." });
    for (const environment of project.environments) touch(environment.id, "all");
    return { output: { key: input.holdout } };
  },
});

/** A project's holdouts, those that have ended too. */
export async function listHoldouts(database: Database, actor: Actor, input: { project: string }) {
  const project = await openProject(database, actor, input.project);
  const holdouts = await database.holdout.findMany({
    where: { projectId: project.id },
    orderBy: { createdAt: "desc" },
  });
  return holdouts.map(({ key, name, unit, parts, createdAt, endedAt }) => ({
    key,
    name,
    unit,
    parts,
    createdAt,
    endedAt,
  }));
}
