import type { Database } from "@telltale/db";
import type { Actor } from "../door/actor.ts";
import { writeProjectAddress } from "../door/address.ts";
import { openProject } from "../door/commit.ts";
import type { OpenedProject } from "../door/project.ts";

/** A project with its environments, left to right; archived ones are left out. */
export async function getProject(database: Database, actor: Actor, input: { project: string }) {
  return describeProject(await openProject(database, actor, input.project));
}

/** An opened project as it is answered. */
export function describeProject({ organisation, key, name, environments }: OpenedProject) {
  return {
    address: writeProjectAddress({ organisation: organisation.key, project: key }),
    key,
    name,
    environments: environments.map((row) => ({
      key: row.key,
      name: row.name,
      critical: row.critical,
      position: row.position,
      version: row.rulesetVersion,
    })),
  };
}
