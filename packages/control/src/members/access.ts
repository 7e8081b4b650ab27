import { ACTION_NAMES, ACTIONS, decideAccess, type Grant, type Scope } from "@telltale/access";
import type { Database } from "@telltale/db";
import { z } from "zod";
import { readAccess } from "../access/read-access.ts";
import { type Actor, scopeOf } from "../door/actor.ts";
import { notFound } from "../door/error.ts";
import { openProject } from "../door/open.ts";
import { inProject } from "../shapes.ts";

export const memberInProject = inProject.extend({ userId: z.string().min(1).max(100) });

/**
 * What a person may do in a project, action by action: where, and by which role that they or one of their teams were
 * given. Actions of an environment are answered for each of them, from left to right, all others once.
 * @throws ControlError NOT_FOUND for who is not a member of the project's organisation
 */
export async function describeMemberAccess(database: Database, actor: Actor, input: z.output<typeof memberInProject>) {
  const project = await openProject(database, actor, input.project);
  const { userId } = input;
  const access = await readAccess(database, { kind: "user", userId }, project.organisationId);
  if (!access) throw notFound("member", userId);
  const { grants, record } = access;
  const around = [{ environment: null, scope: scopeOf(project) }];
  const inside = project.environments.map((row) => ({ environment: row.key, scope: scopeOf(project, row) }));
  const actions = ACTION_NAMES.map((action) => {
    const { on, phrase } = ACTIONS[action];
    const places = (on === "environment" ? inside : around).map(({ environment, scope }) => {
      return { environment, by: findRole(grants, action, scope) };
    });
    return { action, phrase, on, places };
  });
  return { userId, name: record.name, actions };
}

/** The role that allows it, and the team through which they have it; null where nothing allows it. */
function findRole(grants: readonly Grant[], action: (typeof ACTION_NAMES)[number], scope: Scope) {
  const decision = decideAccess(grants, action, scope);
  if (!decision.allowed) return null;
  const { role, subject } = decision.via;
  return { role, team: subject.kind === "team" ? subject.name : null };
}
