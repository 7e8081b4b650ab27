import {
  type Action,
  type Decision,
  decideAccess,
  explainRefusal,
  readActions,
  type Scope,
  whoCan,
} from "@telltale/access";
import type { Transaction } from "@telltale/db";
import { ControlError } from "../door/error.ts";
import { readPeople } from "./people.ts";
import type { Access } from "./read-access.ts";

/** A refusal carries these many of the people who can help, and names these many of the organisation's own roles. */
const PEOPLE_MAX = 20;
const CUSTOM_ROLES_MAX = 3;

/** What a FORBIDDEN of `requireAction` carries: what is missing, and who can do it (twenty people at most). */
export interface MissingAction {
  missing: Action;
  whoCan: { id: string; name: string }[];
}

/**
 * Lets pass who may do an action in a scope.
 * @throws ControlError FORBIDDEN with a sentence that names who can help, and `MissingAction` as its detail
 */
export async function requireAction(tx: Transaction, access: Access, action: Action, scope: Scope): Promise<void> {
  const decision = decideAccess(access.grants, action, scope);
  if (!decision.allowed) throw await refuseAccess(tx, access, decision);
}

async function refuseAccess(
  tx: Transaction,
  { record }: Access,
  { missing, scope }: Decision & { allowed: false },
): Promise<ControlError> {
  const { organisationId } = scope;
  const people = whoCan(await readPeople(tx, organisationId, missing), missing, scope);
  const roles = await tx.customRole.findMany({
    where: { organisationId, actions: { has: missing } },
    orderBy: { key: "asc" },
    take: CUSTOM_ROLES_MAX,
  });
  const customRoles = roles.map(({ key, name, actions }) => ({ key, name, actions: readActions(actions) }));
  const by = record.kind === "token" ? "token" : "person";
  const place = await readPlaceName(tx, scope);
  const sentence = explainRefusal({ action: missing, place, people, by, customRoles });
  const named = people.slice(0, PEOPLE_MAX).map(({ id, name }) => ({ id, name }));
  const detail: MissingAction = { missing, whoCan: named };
  return new ControlError("FORBIDDEN", sentence, detail);
}

async function readPlaceName(tx: Transaction, scope: Scope): Promise<string | undefined> {
  const select = { name: true } as const;
  switch (scope.kind) {
    case "organisation":
      return (await tx.organisation.findUnique({ where: { id: scope.organisationId }, select }))?.name;
    case "project":
      return (await tx.project.findUnique({ where: { id: scope.projectId }, select }))?.name;
    case "environment":
      return (await tx.environment.findUnique({ where: { id: scope.environmentId }, select }))?.name;
  }
}
