import type { Model } from "@telltale/db";
import { readScopes, readStanding } from "../door/actor.ts";
import type { ProjectChange } from "../door/change.ts";
import type { Approval } from "../door/policy.ts";

/** Who has approved this result of a change-set; each once, never who wrote of it, and only where they may publish today. */
export async function approvalsOf(
  change: ProjectChange,
  { id: changeSetId, authorId, writerIds }: Pick<Model.ChangeSet, "id" | "authorId" | "writerIds">,
  fingerprint: string,
): Promise<Approval[]> {
  const notes = await change.tx.changeSetNote.findMany({
    where: { changeSetId, kind: "approval", fingerprint },
    orderBy: { createdAt: "asc" },
  });
  const approvals: Approval[] = [];
  for (const { actorId, environments } of notes) {
    if (actorId === null || actorId === authorId || writerIds.includes(actorId)) continue;
    if (approvals.some(({ userId }) => userId === actorId)) continue;
    approvals.push({
      userId: actorId,
      teams: await teamsOf(change, actorId),
      environments: await publishable(change, environments, actorId),
    });
  }
  return approvals;
}

/** Of these environments, those that a person may approve for: who may not publish there approves nothing there. */
export async function publishable(
  change: ProjectChange,
  environments: readonly string[],
  userId: string,
): Promise<string[]> {
  const standing = await readStanding(change.tx, { kind: "user", userId }, change.organisation.id);
  const scopes = await readScopes(change.tx, environments);
  return scopes.flatMap((scope) => {
    const isAllowed = standing?.may("change.approve", scope) && standing.may("environment.publish", scope);
    return isAllowed && scope.kind === "environment" ? [scope.environmentId] : [];
  });
}

/** Those of them that may be approved with what the request came with: an agent or a token may do less than its person. */
export async function approvable(
  change: ProjectChange,
  environments: readonly string[],
  userId: string,
): Promise<string[]> {
  const scopes = await readScopes(change.tx, await publishable(change, environments, userId));
  return scopes.flatMap((scope) => {
    return scope.kind === "environment" && change.standing.may("change.approve", scope) ? [scope.environmentId] : [];
  });
}

/** Keys of the teams that somebody is in. */
async function teamsOf({ tx, organisation }: ProjectChange, userId: string): Promise<string[]> {
  const rows = await tx.teamMember.findMany({
    where: { userId, team: { organisationId: organisation.id } },
    select: { team: { select: { key: true } } },
  });
  return rows.map(({ team }) => team.key);
}
