import {
  describeSegment,
  describeSegmentChange,
  type FlagConfiguration,
  isSame,
  isSameSegment,
  keySchema,
  NOTHING_CHANGED,
  readConfiguration,
  readSegmentDefinition,
  segmentSchema,
} from "@telltale/configuration";
import { type Database, type Model, newId } from "@telltale/db";
import { z } from "zod";
import type { Actor } from "../door/actor.ts";
import type { Change } from "../door/change.ts";
import { type Applied, defineCommand } from "../door/command.ts";
import { ControlError, invalid, notFound } from "../door/error.ts";
import { openProject } from "../door/open.ts";
import { vetPatterns } from "../flags/patterns.ts";
import { description, inProject, name, revision } from "../shapes.ts";

const saving = inProject.extend({
  key: keySchema,
  name,
  description: description.optional(),
  definition: segmentSchema,
  /** null: it must be new. */
  expectedRevision: revision.nullable(),
});
type SaveSegment = z.output<typeof saving>;

const saved = z.object({ key: z.string(), revision: z.number(), sentence: z.string() });
type Saved = Applied<z.output<typeof saved>>;

/**
 * Every environment that may use it is published. A save that changes nothing writes nothing and answers the present
 * revision.
 */
export const saveSegment = defineCommand({
  name: "segment.save",
  describe: "Creates a segment or writes its next revision.",
  input: saving,
  output: saved,
  action: "segment.update",
  prepare: ({ definition }) => vetPatterns(definition.rules.flat()),
  async apply(change, input) {
    const nested = input.definition.rules.flat().some((condition) => "segments" in condition);
    if (nested) throw invalid(["A segment cannot be made of segments: write its conditions out."]);
    const where = { projectId_key: { projectId: change.project.id, key: input.key } };
    const found = await change.tx.segment.findUnique({ where });
    return found ? update(change, found, input) : create(change, input);
  },
});

async function create({ tx, project, audit }: Change, input: SaveSegment): Promise<Saved> {
  if (input.expectedRevision !== null) throw notFound("segment", input.key);
  await tx.segment.create({ data: { ...partsOf(input), id: newId(), projectId: project.id, key: input.key } });
  const sentence = `Created: ${describeSegment(input.definition)}.`;
  audit({ object: "segment", objectKey: input.key, action: "create", sentence });
  return { output: { key: input.key, revision: 1, sentence }, inverse: null };
}

async function update(change: Change, found: Model.Segment, input: SaveSegment): Promise<Saved> {
  if (input.expectedRevision === null) {
    throw new ControlError("EXISTS", `There is a segment "${input.key}" already. Choose another key.`);
  }
  if (found.revision !== input.expectedRevision) throw conflict(found);
  const data = partsOf(input);
  const { name, description } = found;
  const definition = readSegmentDefinition(found.definition);
  const isDefined = isSameSegment(definition, data.definition);
  if (isDefined && isSame({ name, description }, { name: data.name, description: data.description })) {
    return { output: { key: found.key, revision: found.revision, sentence: NOTHING_CHANGED }, inverse: [] };
  }
  const revision = found.revision + 1;
  const claimed = await change.tx.segment.updateMany({
    where: { id: found.id, revision: found.revision },
    data: { ...data, revision },
  });
  if (claimed.count === 0) throw conflict({ ...found, revision });
  const sentence = isDefined ? "Changed: name or description." : describeSegmentChange(definition, input.definition);
  change.audit({ object: "segment", objectKey: found.key, action: "change", sentence });
  // Rulesets carry neither name nor description.
  if (!isDefined)
    for (const environment of change.project.environments) change.touch(environment.id, { segments: [found.key] });
  const undo = { project: input.project, key: found.key, name, description, definition, expectedRevision: revision };
  return { output: { key: found.key, revision, sentence }, inverse: [{ name: "segment.save", input: undo }] };
}

/** What of a segment a save writes. */
function partsOf({ name, description = "", definition }: SaveSegment) {
  return { name, description, definition };
}

function conflict({ revision, definition }: Pick<Model.Segment, "revision" | "definition">): ControlError {
  const message = "Somebody changed this segment meanwhile. Look at the newer one, then save yours on top of it.";
  return new ControlError("CONFLICT", message, { revision, definition });
}

/** Segments with their sizes and the flags that use them. */
export async function listSegments(database: Database, actor: Actor, input: { project: string }) {
  const project = await openProject(database, actor, input.project);
  const segments = await database.segment.findMany({ where: { projectId: project.id }, orderBy: { key: "asc" } });
  const configs = await database.flagConfig.findMany({
    where: { flag: { projectId: project.id, archivedAt: null } },
    include: { flag: true },
  });
  return segments.map((segment) => {
    const definition = readSegmentDefinition(segment.definition);
    const using = configs.filter(({ config }) => uses(readConfiguration(config), segment.key));
    return {
      ...{ key: segment.key, name: segment.name, description: segment.description, revision: segment.revision },
      included: definition.included.length,
      excluded: definition.excluded.length,
      rules: definition.rules.length,
      usedBy: [...new Set(using.map(({ flag }) => flag.key))].sort(),
    };
  });
}

function uses(config: FlagConfiguration, segment: string): boolean {
  return config.rules.some((rule) =>
    rule.when.some((condition) => "segments" in condition && condition.segments.includes(segment)),
  );
}

/** One segment with its definition. */
export async function getSegment(database: Database, actor: Actor, input: { project: string; key: string }) {
  const project = await openProject(database, actor, input.project);
  const where = { projectId_key: { projectId: project.id, key: input.key } };
  const segment = await database.segment.findUnique({ where });
  if (!segment) throw notFound("segment", input.key);
  const { key, name, description, revision } = segment;
  return { key, name, description, revision, definition: readSegmentDefinition(segment.definition) };
}
