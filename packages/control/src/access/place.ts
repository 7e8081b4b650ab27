import type { Scope } from "@telltale/access";
import { keySchema } from "@telltale/configuration";
import { z } from "zod";
import { scopeOf } from "../door/actor.ts";
import { parseProjectAddress } from "../door/address.ts";
import type { OrganisationChange } from "../door/change.ts";
import { notFound } from "../door/error.ts";
import { inProject } from "../shapes.ts";

/** Where a role holds: in the whole organisation, or in a project, or in one of its environments. */
export const grantPlace = z
  .object({ project: inProject.shape.project.optional(), environment: keySchema.optional() })
  .refine(({ project, environment }) => project !== undefined || environment === undefined, {
    message: "Name the project of the environment, too.",
    path: ["project"],
  });

/** The scope of a place inside the organisation. @throws ControlError NOT_FOUND for what is not there, or another's */
export async function readPlace(
  { tx, organisation }: Pick<OrganisationChange, "tx" | "organisation">,
  { project: address, environment: key }: z.output<typeof grantPlace>,
): Promise<Scope> {
  const organisationId = organisation.id;
  if (address === undefined) return { kind: "organisation", organisationId };
  const { organisation: owner, project: projectKey } = parseProjectAddress(address);
  if (owner !== organisation.key) throw notFound("project", address);
  const project = await tx.project.findUnique({
    where: { organisationId_key: { organisationId, key: projectKey }, archivedAt: null },
  });
  if (!project) throw notFound("project", address);
  if (key === undefined) return scopeOf(project);
  const environment = await tx.environment.findUnique({
    where: { projectId_key: { projectId: project.id, key }, archivedAt: null },
  });
  if (!environment) throw notFound("environment", key);
  return scopeOf(project, environment);
}

/** A place in words: " in shop, production". */
export function namePlace({ project, environment }: z.output<typeof grantPlace>): string {
  if (project === undefined) return "";
  return environment === undefined ? ` in ${project}` : ` in ${project}, ${environment}`;
}
