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
import type { ControlError, NewerRevision } from "../door/error.ts";
import { applyEdit, changedMeanwhile, type Edit } from "../door/stale.ts";

/** A change of a flag that may have been made on a revision that is no longer the newest. */
interface FlagEdit extends Pick<Edit<FlagConfiguration, FlagConflict>, "next"> {
  expectedRevision?: number | undefined;
  /** Whether it is put on top of a newer one. */
  isRebased?: boolean;
}

/**
 * The configuration after a change. On top of what others have made of its base meanwhile, edits of other rules, targets
 * and settings all stay.
 * @throws ControlError CONFLICT where both changed the same, or the change would now do something else
 */
export function rebaseChange(
  change: ProjectChange,
  newest: Model.FlagConfig,
  { expectedRevision, isRebased = false, next }: FlagEdit,
) {
  const { flagId, environmentId } = newest;
  return applyEdit<FlagConfiguration, FlagConflict>({
    newest: { revision: newest.revision, value: readConfiguration(newest.config) },
    expectedRevision,
    next,
    readAt: async (revision) => {
      const where = { flagId_environmentId_revision: { flagId, environmentId, revision } };
      const seen = isRebased ? await change.tx.flagRevision.findUnique({ where }) : null;
      return seen && readConfiguration(seen.config);
    },
    merge: (base, mine, theirs) => {
      const { configuration, conflicts } = rebaseFlag(base, mine, theirs);
      return { merged: configuration, conflicts };
    },
    refuse: (conflicts) => conflict(change, newest, conflicts),
  });
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
  const { revision, config, sentence, createdAt: at } = newest;
  const by = actorName(newest.actor);
  const both = describeConflicts(conflicts, readConfiguration(config));
  const detail: NewerRevision & { conflicts: readonly FlagConflict[] } = {
    revision,
    config,
    sentence,
    actorName: by,
    at,
    conflicts,
  };
  return changedMeanwhile({ object: "flag", revision, by, sentence, both }, detail);
}
