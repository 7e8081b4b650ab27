import { type Database, newId } from "@telltale/db";
import type { Actor } from "../door/actor.ts";
import { commit } from "../door/commit.ts";
import { ControlError } from "../door/error.ts";
import { fillEnvironment, lockProject } from "./fill.ts";

export interface NewEnvironment {
  /** Address of its project. */
  project: string;
  /** Unique within the project. */
  key: string;
  name: string;
  critical?: boolean | undefined;
}

/**
 * Adds an environment to a project, as its last one; every flag is off there. Its first ruleset is published.
 * @throws ControlError NOT_FOUND, FORBIDDEN, EXISTS
 */
export function createEnvironment(database: Database, actor: Actor, input: NewEnvironment): Promise<{ key: string }> {
  return commit(database, actor, input.project, async (change) => {
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
    change.touch(id);
    const sentence = `Created "${name}"${critical ? ", a critical environment" : ""}; every flag is off in it.`;
    change.audit({ object: "environment", objectKey: key, environment: key, action: "create", sentence });
    return { key };
  });
}
