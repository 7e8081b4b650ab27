import type { Action } from "./actions.ts";
import { intersect, type Scope } from "./scope.ts";

/** To whom a role was given. */
export interface Grantee {
  kind: "person" | "team" | "token" | "system";
  id: string;
  name: string;
}

/** Actions that somebody may do in a scope, and in all that it holds; and how they came to it. */
export interface Grant {
  actions: readonly Action[];
  scope: Scope;
  via: { role: string; subject: Grantee };
}

/** What narrows grants: nothing beyond one of these actions in its scope stays. */
export type Limit = Pick<Grant, "actions" | "scope">;

/**
 * What is left of grants under limits: a personal token may do what its person may, and of that what its own roles and
 * scopes hold. Without a limit nothing is left.
 */
export function narrow(grants: readonly Grant[], limits: readonly Limit[]): Grant[] {
  return grants.flatMap(({ actions, scope, via }) =>
    limits.flatMap((limit) => {
      const common = intersect(scope, limit.scope);
      const left = actions.filter((action) => limit.actions.includes(action));
      return common && left.length > 0 ? [{ actions: left, scope: common, via }] : [];
    }),
  );
}
