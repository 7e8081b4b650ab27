import {
  describeConflicts,
  type FlagConfiguration,
  type FlagConflict,
  readConfiguration,
  rebaseFlag,
} from "@telltale/configuration";
import type { Model } from "@telltale/db";
import { actorName } from "../door/actor.ts";
import type { ProjectChange } from "../door/change.ts";
import { ControlError, type NewerRevision } from "../door/error.ts";

/** A change of a flag that was made on a revision that is no longer the newest. */
interface StaleChange {
  expectedRevision: number;
  isRebased?: boolean;
  next(config: FlagConfiguration): FlagConfiguration;
}

/**
 * The change on top of what others have made of its base meanwhile: edits of other rules, targets and settings all stay.
 * @throws ControlError CONFLICT where both changed the same, or the change would now do something else
 */
export async function rebaseChange(
  change: ProjectChange,
  newest: Model.FlagConfig,
  { expectedRevision, isRebased = false, next }: StaleChange,
): Promise<FlagConfiguration> {
  const { flagId, environmentId } = newest;
  const where = { flagId_environmentId_revision: { flagId, environmentId, revision: expectedRevision } };
  const seen = isRebased ? await change.tx.flagRevision.findUnique({ where }) : null;
  if (!seen) throw await conflict(change, newest);
  const base = readConfiguration(seen.config);
  const { configuration, conflicts } = rebaseFlag(base, next(base), readConfiguration(newest.config));
  if (conflicts.length > 0) throw await conflict(change, newest, conflicts);
  return configuration;
}

/** The refusal that names who got there first, and what both changed. */
export async function conflict(
  { tx }: Pick<ProjectChange, "tx">,
  { flagId, environmentId }: Pick<Model.FlagConfig, "flagId" | "environmentId">,
  conflicts: readonly FlagConflict[] = [],
): Promise<ControlError> {
  const newest = await tx.flagRevision.findFirstOrThrow({
    where: { flagId, environmentId },
    orderBy: { revision: "desc" },
  });
  const detail: NewerRevision & { conflicts: readonly FlagConflict[] } = {
    revision: newest.revision,
    config: newest.config,
    sentence: newest.sentence,
    actorName: actorName(newest.actor),
    at: newest.createdAt,
    conflicts,
  };
  const both = describeConflicts(conflicts, readConfiguration(newest.config));
  const told = both === "" ? "" : ` Both of you changed ${both}.`;
  const message = `${detail.actorName} changed this flag meanwhile (revision ${detail.revision}): ${detail.sentence}${told} Look at it, then publish your change on top of it.`;
  return new ControlError("CONFLICT", message, detail);
}
