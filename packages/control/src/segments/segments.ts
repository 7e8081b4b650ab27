import { type Database, newId, type Prisma } from "@telltale/db";
import type { FlagConfiguration, SegmentDefinition } from "@telltale/ruleset";
import { z } from "zod";
import type { Actor } from "../door/actor.ts";
import { type Change, commit, openProject } from "../door/commit.ts";
import { ControlError, invalid, notFound } from "../door/error.ts";
import { vetPatterns } from "../flags/patterns.ts";
import { conditionSchema, idsSchema } from "../flags/schema.ts";

export const segmentSchema: z.ZodType<SegmentDefinition> = z.object({
  included: idsSchema,
  excluded: idsSchema,
  rules: z.array(z.array(conditionSchema).min(1).max(50)).max(100),
});

export interface SaveSegment {
  project: string;
  key: string;
  name: string;
  description?: string | undefined;
  definition: SegmentDefinition;
  /** null: it must be new. */
  expectedRevision: number | null;
}

/** Creates a segment or writes its next revision; every environment that may use it is published. */
export async function saveSegment(
  database: Database,
  actor: Actor,
  input: SaveSegment,
): Promise<{ key: string; revision: number }> {
  await vetPatterns(input.definition.rules.flat());
  return commit(database, actor, input.project, async (change) => {
    const nested = input.definition.rules.flat().some((condition) => "segments" in condition);
    if (nested) throw invalid(["A segment cannot be made of segments: write its conditions out."]);
    const revision = await write(change, input);
    const { included, excluded, rules } = input.definition;
    const sentence = `${revision === 1 ? "Created" : "Changed"}: ${included.length} ids in, ${excluded.length} out, ${rules.length} rules.`;
    change.audit({ object: "segment", objectKey: input.key, action: revision === 1 ? "create" : "change", sentence });
    for (const environment of change.project.environments) change.touch(environment.id);
    return { key: input.key, revision };
  });
}

async function write({ tx, project }: Change, input: SaveSegment): Promise<number> {
  const where = { projectId_key: { projectId: project.id, key: input.key } };
  const found = await tx.segment.findUnique({ where });
  const data = {
    name: input.name,
    description: input.description ?? "",
    definition: input.definition as unknown as Prisma.InputJsonObject,
  };
  if (!found) {
    if (input.expectedRevision !== null) throw notFound("segment", input.key);
    await tx.segment.create({ data: { ...data, id: newId(), projectId: project.id, key: input.key } });
    return 1;
  }
  if (input.expectedRevision === null) {
    throw new ControlError("EXISTS", `There is a segment "${input.key}" already. Choose another key.`);
  }
  const claimed = await tx.segment.updateMany({
    where: { id: found.id, revision: input.expectedRevision },
    data: { ...data, revision: input.expectedRevision + 1 },
  });
  if (claimed.count === 1) return input.expectedRevision + 1;
  throw new ControlError(
    "CONFLICT",
    "Somebody changed this segment meanwhile. Look at the newer one, then save yours on top of it.",
    {
      revision: found.revision,
      definition: found.definition,
    },
  );
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
    const definition = segment.definition as unknown as SegmentDefinition;
    const using = configs.filter(({ config }) => uses(config as unknown as FlagConfiguration, segment.key));
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
  return { key, name, description, revision, definition: segment.definition as unknown as SegmentDefinition };
}
