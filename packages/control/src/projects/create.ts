import { type Database, newId } from "@telltale/db";
import type { Actor } from "../door/actor.ts";
import { writeProjectAddress } from "../door/address.ts";
import { ControlError } from "../door/error.ts";
import { commitOrganisation } from "../door/organisation.ts";

export interface NewProject {
  /** Key of its organisation. */
  organisation: string;
  /** Unique within the organisation. */
  key: string;
  name: string;
  environments: { key: string; name: string; critical?: boolean }[];
}

/**
 * Creates a project with its environments, as the last one of its organisation.
 * @throws ControlError NOT_FOUND, FORBIDDEN, EXISTS
 */
export function createProject(database: Database, actor: Actor, input: NewProject): Promise<{ address: string }> {
  return commitOrganisation(database, actor, input.organisation, async ({ tx, organisation, actor: record }) => {
    const { key, name } = input;
    const taken = await tx.project.findUnique({
      where: { organisationId_key: { organisationId: organisation.id, key } },
    });
    if (taken) {
      const archived = taken.archivedAt ? " (archived)" : "";
      throw new ControlError("EXISTS", `There is a project "${key}" already${archived}. Choose another key.`);
    }
    const others = await tx.project.aggregate({
      where: { organisationId: organisation.id },
      _max: { position: true },
    });
    const environments = input.environments.map((item, position) => ({ ...item, id: newId(), position }));
    const position = (others._max.position ?? -1) + 1;
    const project = await tx.project.create({
      data: {
        id: newId(),
        organisationId: organisation.id,
        key,
        name,
        position,
        environments: { create: environments },
      },
    });
    const sentence = `Created with ${input.environments.map((item) => item.name).join(", ")}.`;
    const audit = { projectId: project.id, object: "project", objectKey: key, action: "create", sentence };
    await tx.auditEvent.create({ data: { ...audit, actor: { ...record }, detail: {} } });
    return { address: writeProjectAddress({ organisation: organisation.key, project: key }) };
  });
}
