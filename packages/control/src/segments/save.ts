import {
  applyToSegment,
  type ConfigCondition,
  describeSegment,
  keySchema,
  segmentInstructionsSchema,
  segmentSchema,
} from "@telltale/configuration";
import { newId } from "@telltale/db";
import { z } from "zod";
import type { ProjectChange } from "../door/change.ts";
import { type Applied, defineCommand } from "../door/command.ts";
import { ControlError, notFound } from "../door/error.ts";
import { vetPatterns } from "../flags/patterns.ts";
import { description, inProject, name, revision } from "../shapes.ts";
import { segmentIn } from "./read.ts";
import { findSegment, recordSegmentRevision, refuseNested, reviseSegment, type SavedSegment } from "./revise.ts";

const inSegment = inProject.extend({ key: keySchema });
const saving = inSegment.extend({
  name,
  description: description.optional(),
  definition: segmentSchema,
  /** null: it must be new. */
  expectedRevision: revision.nullable(),
});

const saved: z.ZodType<SavedSegment> = z.object({
  key: z.string(),
  revision: z.number(),
  sentence: z.string(),
  onTopOf: z.number().optional(),
});

export const saveSegment = defineCommand({
  name: "segment.save",
  describe: "Creates a segment, or makes its next revision of the one that was seen.",
  input: saving,
  output: saved,
  action: "segment.update",
  prepare: ({ definition }) => vetPatterns(definition.rules.flat()),
  async apply(change, input) {
    const { name, description = "", definition, expectedRevision } = input;
    if (expectedRevision === null) return create(change, input);
    return reviseSegment(change, { ...input, expectedRevision, next: () => ({ name, description, definition }) });
  },
});

async function create(change: ProjectChange, input: z.output<typeof saving>): Promise<Applied<SavedSegment>> {
  const { key, name, description = "", definition } = input;
  if (await findSegment(change, key)) {
    throw new ControlError("EXISTS", `There is a segment "${key}" already. Choose another key.`);
  }
  const segment = { name, description, definition };
  refuseNested(segment);
  const id = newId();
  await change.tx.segment.create({ data: { ...segment, id, projectId: change.project.id, key } });
  const sentence = `Created: ${describeSegment(definition)}.`;
  await recordSegmentRevision(change, { id, revision: 1, segment, sentence });
  change.audit({ object: "segment", objectKey: key, action: "create", sentence });
  return { output: { key, revision: 1, sentence }, inverse: null };
}

export const updateSegment = defineCommand({
  name: "segment.update",
  describe: "Follows instructions on a segment's ids and rules, and renames it; what is not named stays.",
  input: inSegment.extend({
    name: name.optional(),
    description: description.optional(),
    instructions: segmentInstructionsSchema.optional(),
    expectedRevision: revision.optional(),
  }),
  output: saved,
  action: "segment.update",
  prepare: ({ instructions = [] }) =>
    vetPatterns(instructions.flatMap((one): ConfigCondition[] => (one.kind === "addRule" ? one.when : []))),
  apply: (change, input) =>
    reviseSegment(change, {
      ...input,
      next: (seen) => ({
        name: input.name ?? seen.name,
        description: input.description ?? seen.description,
        definition: applyToSegment(seen.definition, input.instructions ?? []),
      }),
    }),
});

export const revertSegment = defineCommand({
  name: "segment.revert",
  describe: "Restores an earlier revision of a segment as a new one.",
  input: inSegment.extend({ toRevision: revision, expectedRevision: revision }),
  output: saved,
  action: "segment.update",
  async apply(change, input) {
    const found = await findSegment(change, input.key);
    if (!found) throw notFound("segment", input.key);
    const where = { segmentId_revision: { segmentId: found.id, revision: input.toRevision } };
    const target = await change.tx.segmentRevision.findUnique({ where });
    if (!target) throw notFound("revision", String(input.toRevision));
    const segment = segmentIn(target);
    // An older release may have let a pattern in that this one does not: it must not come back.
    await vetPatterns(segment.definition.rules.flat());
    return reviseSegment(change, {
      ...input,
      prefix: `Reverted to revision ${input.toRevision}: `,
      next: () => segment,
    });
  },
});
