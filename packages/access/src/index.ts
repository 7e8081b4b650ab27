export { ACTION_NAMES, ACTIONS, type Action, actionSchema, readActions } from "./actions.ts";
export { allowedActions, type Decision, decide, findUngrantable, whoCan } from "./decide.ts";
export { type Grant, type Limit, narrow, type Subject } from "./grant.ts";
export { type Refused, refusal } from "./refusal.ts";
export {
  ACTIONS_OF_AGENTS,
  BUILT_IN_ROLES,
  type BuiltInRoleKey,
  customRoleSchema,
  findBuiltInRole,
  type Role,
} from "./roles.ts";
export { covers, intersect, type Scope, type ScopeKind, scopeSchema, widen } from "./scope.ts";
