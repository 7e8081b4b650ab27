import { type Database, newId } from "@telltale/db";
import type { Actor } from "../door/actor.ts";
import { commit, openProject } from "../door/commit.ts";
import { ControlError, notFound } from "../door/error.ts";
import { percent } from "../flags/sentence.ts";

export interface NewHoldout {
  project: string;
  key: string;
  name: string;
  /** Share of the units that meet no experiment, parts of 100,000. */
  parts: number;
  /** Attribute that is hashed; the targeting key unless given. */
  unit?: string | undefined;
}

/**
 * Begins a holdout: it holds for every experiment of the project that starts while it is active. Those that run
 * already go on as they are, as taking units from them would spoil their results.
 */
export function createHoldout(database: Database, actor: Actor, input: NewHoldout): Promise<{ key: string }> {
  return commit(database, actor, input.project, async ({ tx, project, audit, touch }) => {
    const { key, name, parts, unit = "targetingKey" } = input;
    if (await tx.holdout.findUnique({ where: { projectId_key: { projectId: project.id, key } } })) {
      throw new ControlError("EXISTS", `There is a holdout "${key}" already. Choose another key.`);
    }
    await tx.holdout.create({ data: { id: newId(), projectId: project.id, key, name, parts, unit } });
    const sentence = `Began: ${percent(parts)} of the units by ${unit} meet no experiment that starts from now on.`;
    audit({ object: "holdout", objectKey: key, action: "create", sentence });
    for (const environment of project.environments) touch(environment.id);
    return { key };
  });
}

/** Ends a holdout: its units may meet experiments again. */
export function endHoldout(database: Database, actor: Actor, input: { project: string; holdout: string }) {
  return commit(database, actor, input.project, async ({ tx, project, audit, touch }) => {
    const { count } = await tx.holdout.updateMany({
      where: { projectId: project.id, key: input.holdout, endedAt: null },
      data: { endedAt: new Date() },
    });
    if (count === 0) throw notFound("active holdout", input.holdout);
    audit({ object: "holdout", objectKey: input.holdout, action: "end", sentence: "Ended." });
    for (const environment of project.environments) touch(environment.id);
    return { key: input.holdout };
  });
}

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
