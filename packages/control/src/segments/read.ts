import {
  type DescribedSegment,
  namedSegments,
  readConfiguration,
  readSegmentDefinition,
} from "@telltale/configuration";
import type { Database } from "@telltale/db";
import { type Actor, actorName } from "../door/actor.ts";
import { notFound } from "../door/error.ts";
import { openProject } from "../door/open.ts";

/** What a segment's row, or a revision's, says of it. */
export function segmentIn(row: { name: string; description: string; definition: unknown }): DescribedSegment {
  const { name, description } = row;
  return { name, description, definition: readSegmentDefinition(row.definition) };
}

/** Segments with their sizes and the flags that use them. */
export async function listSegments(database: Database, actor: Actor, input: { project: string }) {
  const project = await openProject(database, actor, input.project);
  const segments = await database.segment.findMany({ where: { projectId: project.id }, orderBy: { key: "asc" } });
  const configs = await database.flagConfig.findMany({
    where: { flag: { projectId: project.id, archivedAt: null } },
    include: { flag: true },
  });
  const users = new Map<string, Set<string>>();
  for (const { config, flag } of configs)
    for (const key of namedSegments(readConfiguration(config)))
      users.set(key, (users.get(key) ?? new Set()).add(flag.key));
  return segments.map((segment) => {
    const definition = readSegmentDefinition(segment.definition);
    return {
      key: segment.key,
      name: segment.name,
      description: segment.description,
      revision: segment.revision,
      included: definition.included.length,
      excluded: definition.excluded.length,
      rules: definition.rules.length,
      usedBy: [...(users.get(segment.key) ?? [])].sort(),
    };
  });
}

/** One segment with its definition. */
export async function getSegment(database: Database, actor: Actor, input: { project: string; key: string }) {
  const project = await openProject(database, actor, input.project);
  const where = { projectId_key: { projectId: project.id, key: input.key } };
  const segment = await database.segment.findUnique({ where });
  if (!segment) throw notFound("segment", input.key);
  return { key: segment.key, revision: segment.revision, ...segmentIn(segment) };
}

/** Revisions of a segment, newest first, at most 200. */
export async function segmentHistory(database: Database, actor: Actor, input: { project: string; key: string }) {
  const project = await openProject(database, actor, input.project);
  const where = { projectId_key: { projectId: project.id, key: input.key } };
  const segment = await database.segment.findUnique({ where });
  if (!segment) throw notFound("segment", input.key);
  const revisions = await database.segmentRevision.findMany({
    where: { segmentId: segment.id },
    orderBy: { revision: "desc" },
    take: 200,
  });
  return revisions.map((row) => ({
    revision: row.revision,
    sentence: row.sentence,
    actorName: actorName(row.actor),
    at: row.createdAt,
    ...segmentIn(row),
  }));
}
