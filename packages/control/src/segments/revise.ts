import {
  type DescribedSegment,
  describeSegmentChange,
  diffSegment,
  invertSegment,
  isSame,
  mergeSegment,
  NOTHING_CHANGED,
  type SegmentConflict,
  segmentSchema,
} from "@telltale/configuration";
import type { Model } from "@telltale/db";
import { actorName } from "../door/actor.ts";
import type { ProjectChange } from "../door/change.ts";
import type { Applied } from "../door/command.ts";
import { type ControlError, invalid, notFound } from "../door/error.ts";
import { applyEdit, changedMeanwhile } from "../door/stale.ts";
import { refuseGrowth } from "../growth.ts";
import { segmentIn } from "./read.ts";

/** A requested change of a segment. */
export interface ReviseSegment {
  project: string;
  key: string;
  /** The revision the caller has seen: where there is a newer one, the change is put on top of it. Left out: the newest. */
  expectedRevision?: number | undefined;
  /** Makes the next state from the one that the caller has seen. */
  next(segment: DescribedSegment): DescribedSegment;
  /** The sentence's beginning, e.g. "Reverted to revision 3: ". */
  prefix?: string;
}

export interface SavedSegment {
  key: string;
  revision: number;
  sentence: string;
  /** The newer revision that the change was put on top of; absent where the caller had seen the newest. */
  onTopOf?: number | undefined;
}

/**
 * Writes the next revision of a segment; every environment that may use it is published. A change that changes nothing
 * writes nothing and answers the present revision.
 * @throws ControlError CONFLICT where both changed the same
 */
export async function reviseSegment(change: ProjectChange, input: ReviseSegment): Promise<Applied<SavedSegment>> {
  const found = await findSegment(change, input.key);
  if (!found) throw notFound("segment", input.key);
  const before = segmentIn(found);
  const { after, onTop } = await rebaseSegment(change, found, input);
  refuseNested(after);
  refuseGrowth(segmentSchema, before.definition, after.definition);
  const difference = describeSegmentChange(before, after);
  if (difference === NOTHING_CHANGED) {
    return { output: { key: found.key, revision: found.revision, sentence: NOTHING_CHANGED, ...onTop }, inverse: [] };
  }
  const revision = found.revision + 1;
  const sentence = `${input.prefix ?? ""}${difference}`;
  await change.tx.segment.update({ where: { id: found.id }, data: { ...after, revision } });
  const instructions = diffSegment(before.definition, after.definition);
  await recordSegmentRevision(change, { id: found.id, revision, segment: after, sentence });
  const detail = { revision, instructions, ...textsChanged(before, after) };
  change.audit({ object: "segment", objectKey: found.key, action: "change", sentence, detail });
  // Rulesets carry neither name nor description.
  if (instructions.length > 0)
    for (const environment of change.project.environments) change.touch(environment.id, { segments: [found.key] });
  const undo = {
    project: input.project,
    key: found.key,
    expectedRevision: revision,
    ...textsChanged(before, after)?.before,
    ...(instructions.length > 0 && { instructions: invertSegment(instructions) }),
  };
  return {
    output: { key: found.key, revision, sentence, ...onTop },
    inverse: [{ name: "segment.update", input: undo }],
  };
}

/**
 * Name and description where one of them was changed. Lines of the audit trail and what undoes a change hold these and
 * instructions: a segment may list 100,000 ids, which its revisions keep.
 */
function textsChanged(before: DescribedSegment, after: DescribedSegment) {
  const texts = ({ name, description }: DescribedSegment) => ({ name, description });
  return isSame(texts(before), texts(after)) ? undefined : { before: texts(before), after: texts(after) };
}

/** The segment's row, held until the commit is done: two who change it at once come one after the other. */
export async function findSegment({ tx, project }: ProjectChange, key: string): Promise<Model.Segment | null> {
  await tx.$queryRaw`select 1 from segment where "projectId" = ${project.id} and key = ${key} for update`;
  return tx.segment.findUnique({ where: { projectId_key: { projectId: project.id, key } } });
}

/** Writes the row of a revision. */
export async function recordSegmentRevision(
  { tx, actor }: ProjectChange,
  made: { id: string; revision: number; segment: DescribedSegment; sentence: string },
): Promise<void> {
  const { id: segmentId, revision, segment, sentence } = made;
  await tx.segmentRevision.create({ data: { segmentId, revision, ...segment, sentence, actor: { ...actor } } });
}

/** @throws ControlError INVALID where a segment refers to segments */
export function refuseNested({ definition }: DescribedSegment): void {
  const isNested = definition.rules.flat().some((condition) => "segments" in condition);
  if (isNested) throw invalid(["A segment cannot be made of segments: write its conditions out."]);
}

function rebaseSegment(change: ProjectChange, found: Model.Segment, { expectedRevision, next }: ReviseSegment) {
  return applyEdit<DescribedSegment, SegmentConflict>({
    newest: { revision: found.revision, value: segmentIn(found) },
    expectedRevision,
    next,
    readAt: async (revision) => {
      const where = { segmentId_revision: { segmentId: found.id, revision } };
      const seen = await change.tx.segmentRevision.findUnique({ where });
      return seen && segmentIn(seen);
    },
    merge: (base, mine, theirs) => {
      const { segment, conflicts } = mergeSegment(base, mine, theirs);
      return { merged: segment, conflicts };
    },
    refuse: (conflicts) => conflict(change, found, conflicts),
  });
}

async function conflict(
  { tx }: Pick<ProjectChange, "tx">,
  { id: segmentId, revision, definition }: Model.Segment,
  conflicts: readonly SegmentConflict[],
): Promise<ControlError> {
  const newest = await tx.segmentRevision.findUnique({ where: { segmentId_revision: { segmentId, revision } } });
  const both = new Set(conflicts.map((one) => (one.part === "id" ? `the id ${one.id}` : `the ${one.part}`)));
  const by = newest ? actorName(newest.actor) : undefined;
  const told = [...both].slice(0, 5).join(", ");
  return changedMeanwhile({ object: "segment", revision, by, both: told }, { definition, conflicts });
}
