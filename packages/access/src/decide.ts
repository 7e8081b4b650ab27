import { ACTION_NAMES, ACTIONS, type Action } from "./actions.ts";
import type { Grant, Limit } from "./grant.ts";
import { covers, type Scope, widen } from "./scope.ts";

export type Decision =
  /** `via`: the grant that allows it. */
  | { allowed: true; via: Grant["via"] }
  /** `scope`: where the missing action would have to be granted, or wider. */
  | { allowed: false; missing: Action; scope: Scope };

/**
 * Whether these grants allow an action in a scope. A grant holds for its scope and all inside it. An action that is
 * decided on wider scopes only (archiving a flag is decided on a project) is decided on the enclosing one.
 */
export function decideAccess(grants: readonly Grant[], action: Action, scope: Scope): Decision {
  const asked = widen(scope, ACTIONS[action].on);
  const grant = grants.find((candidate) => candidate.actions.includes(action) && covers(candidate.scope, asked));
  return grant ? { allowed: true, via: grant.via } : { allowed: false, missing: action, scope: asked };
}

/** What somebody with these grants can do here, in the order of `ACTIONS`. */
export function allowedActions(grants: readonly Grant[], scope: Scope): Action[] {
  return ACTION_NAMES.filter((action) => decideAccess(grants, action, scope).allowed);
}

/** Those of the people whose grants allow the action in the scope, in their order. */
export function whoCan<Person extends { grants: readonly Grant[] }>(
  people: readonly Person[],
  action: Action,
  scope: Scope,
): Person[] {
  return people.filter((person) => decideAccess(person.grants, action, scope).allowed);
}

/**
 * The actions of a role that somebody with these grants may not give in its scope, because they do not have them there
 * themselves; empty: they may give it. Without this rule, whoever may give roles may do everything.
 */
export function findUngrantable(grants: readonly Grant[], given: Limit): Action[] {
  return given.actions.filter((action) => !decideAccess(grants, action, given.scope).allowed);
}
