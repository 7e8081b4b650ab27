import { z } from "zod";

const id = z.string().min(1).max(100);

export const scopeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("organisation"), organisationId: id }),
  z.strictObject({ kind: z.literal("project"), organisationId: id, projectId: id }),
  z.strictObject({ kind: z.literal("environment"), organisationId: id, projectId: id, environmentId: id }),
]);

/** Where something is done, or may be done: an organisation, a project of it, or an environment of that. By ids. */
export type Scope = z.infer<typeof scopeSchema>;

export type ScopeKind = Scope["kind"];

/** From the widest to the narrowest. */
const KINDS: readonly ScopeKind[] = ["organisation", "project", "environment"];

/** Whether `wide` is `narrow` or holds it. Nothing holds anything of another organisation. */
export function covers(wide: Scope, narrow: Scope): boolean {
  if (wide.organisationId !== narrow.organisationId) return false;
  if (wide.kind === "organisation") return true;
  if (narrow.kind === "organisation" || wide.projectId !== narrow.projectId) return false;
  if (wide.kind === "project") return true;
  return narrow.kind === "environment" && wide.environmentId === narrow.environmentId;
}

/** What both scopes hold: the narrower of the two, or null where neither holds the other. */
export function intersect(one: Scope, other: Scope): Scope | null {
  if (covers(one, other)) return other;
  return covers(other, one) ? one : null;
}

/** The scope itself, or the one around it that is of this kind; of a wider scope, itself. */
export function widen(scope: Scope, kind: ScopeKind): Scope {
  if (KINDS.indexOf(scope.kind) <= KINDS.indexOf(kind)) return scope;
  const { organisationId } = scope;
  if (kind === "organisation" || scope.kind === "organisation") return { kind: "organisation", organisationId };
  return { kind: "project", organisationId, projectId: scope.projectId };
}
