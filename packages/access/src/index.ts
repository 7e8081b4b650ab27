export { ACTION_NAMES, ACTIONS, type Action, actionSchema, readActions } from "./actions.ts";
export { allowedActions, type Decision, decideAccess, findUngrantable, whoCan } from "./decide.ts";
export { type Grant, type Grantee, type Limit, narrow } from "./grant.ts";
export { explainRefusal, type Refused } from "./refusal.ts";
export {
  ACTIONS_OF_AGENTS,
  BUILT_IN_ROLES,
  type BuiltInRoleKey,
  customRoleSchema,
  findBuiltInRole,
  type Role,
} from "./roles.ts";
export { covers, intersect, type Scope, type ScopeKind, scopeSchema, widen } from "./scope.ts";
