import { readConfiguration, readSegmentDefinition, type Visibility } from "@telltale/configuration";
import { Prisma, type Transaction } from "@telltale/db";
import type { JsonValue, Watched } from "@telltale/evaluator";
import { z } from "zod";
import type { EnvironmentSource, FlagSource, WatchedSource } from "../compile/environment-source.ts";

/** Keys of what to read; "all": everything of the environment. */
export type SourceSelection = { flags: readonly string[]; segments: readonly string[] } | "all";

/** The environment that is published, under its lock. */
export interface LockedEnvironment {
  id: string;
  projectId: string;
  /** `project/environment`. */
  name: string;
  critical: boolean;
}

/** A flag's visibility; rows of the release before have only the older column. */
export function visibilityOf(flag: { visibility: Visibility | null; clientVisible: boolean }): Visibility {
  return flag.visibility ?? (flag.clientVisible ? "client" : "server");
}

/** Reads the flags and segments in scope, and all holdouts that have not ended: there are few. */
export async function readSource(
  tx: Transaction,
  { id, projectId, name, critical }: LockedEnvironment,
  scope: SourceSelection,
): Promise<EnvironmentSource> {
  const flags = scope === "all" || scope.flags.length > 0 ? await readFlags(tx, { id, projectId }, scope) : [];
  const segments = scope === "all" || scope.segments.length > 0 ? await readSegments(tx, projectId, scope) : [];
  const holdouts = await tx.holdout.findMany({ where: { projectId, endedAt: null } });
  return {
    environment: name,
    critical,
    flags,
    segments,
    holdouts: holdouts.map(({ id: salt, key, unit, parts }) => ({ key, by: unit, salt, parts })),
    watched: await readWatched(tx, id),
  };
}

const storedWatch: z.ZodType<Watched> = z.object({
  by: z.string(),
  above: z.record(z.string(), z.number()).optional(),
});

/** Flags whose release is watched in an environment: as many as there are releases. */
async function readWatched(tx: Transaction, environmentId: string): Promise<WatchedSource[]> {
  const rows = await tx.release.findMany({
    where: { environmentId, watch: { not: Prisma.DbNull } },
    include: { flag: true },
  });
  return rows.map(({ flag, watch }) => {
    return { flag: flag.key, visibility: visibilityOf(flag), watch: storedWatch.parse(watch) };
  });
}

interface FlagRow {
  key: string;
  type: FlagSource["type"];
  visibility: Visibility | null;
  clientVisible: boolean;
  archived: boolean;
  config: unknown;
  variants: { key: string; value: JsonValue }[];
}

/** One statement, since each costs a way to the database and back under the environment's lock. */
async function readFlags(
  tx: Transaction,
  { id, projectId }: Pick<LockedEnvironment, "id" | "projectId">,
  scope: SourceSelection,
): Promise<FlagSource[]> {
  const named = scope === "all" ? Prisma.empty : Prisma.sql`and f.key = any(${scope.flags}::text[])`;
  const rows = await tx.$queryRaw<FlagRow[]>`
    select f.key, f.type::text as type, f.visibility::text as visibility, f."clientVisible",
           f."archivedAt" is not null as archived, c.config,
           (select coalesce(json_agg(json_build_object('key', v.key, 'value', v.value) order by v.position), '[]')
              from variant v where v."flagId" = f.id) as variants
      from flag f
      join flag_config c on c."flagId" = f.id and c."environmentId" = ${id}
     where f."projectId" = ${projectId} ${named}`;
  return rows.map(({ key, type, archived, variants, config, ...row }) => ({
    key,
    type,
    archived,
    variants,
    config: readConfiguration(config),
    visibility: visibilityOf(row),
  }));
}

async function readSegments(tx: Transaction, projectId: string, scope: SourceSelection) {
  const where = scope === "all" ? { projectId } : { projectId, key: { in: [...scope.segments] } };
  const rows = await tx.segment.findMany({ where, select: { key: true, definition: true } });
  return rows.map(({ key, definition }) => ({ key, definition: readSegmentDefinition(definition) }));
}
