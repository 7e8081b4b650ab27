import { type Analysis, type AnalysisInputs, analysisInputsSchema, analysisSchema } from "@telltale/analysis";
import { type Database, newId, type Prisma } from "@telltale/db";
import { z } from "zod";

/** What a run was a function of, and the query that found it. */
export const storedInputsSchema = analysisInputsSchema.extend({
  query: z.object({ text: z.string(), parameters: z.record(z.string(), z.unknown()) }),
});
export type StoredInputs = AnalysisInputs & { query: { text: string; parameters: Record<string, unknown> } };

/** By the order in which they were stored: clocks jump. */
export const newestFirst = { sequence: "desc" } as const;

/** A run to keep. */
export interface NewSnapshot {
  experimentId: string;
  /** The attribute it is broken down by; null: the plain analysis. */
  breakdown: string | null;
  /** sha-256 of what it found: runs that say the same have the same. */
  digest: string;
  engine: string;
  inputs: StoredInputs;
  analysis: Analysis;
  dataTo: Date;
}

/**
 * Stores a run, never to change. Where the newest of this breakdown says the same (digest and engine) that one stays,
 * unless it claims to have seen more than this run: then it was written while the clock ran ahead.
 * @returns the snapshot that says it, and whether it is new
 */
export async function saveSnapshot(database: Database, snapshot: NewSnapshot): Promise<{ id: string; isNew: boolean }> {
  const { experimentId, breakdown, digest, engine, dataTo } = snapshot;
  const newest = await database.snapshot.findFirst({
    where: { experimentId, breakdown },
    orderBy: newestFirst,
    select: { id: true, digest: true, engine: true, dataTo: true },
  });
  if (newest?.digest === digest && newest.engine === engine && newest.dataTo <= dataTo)
    return { id: newest.id, isNew: false };
  const id = newId();
  await database.snapshot.create({
    data: {
      id,
      experimentId,
      breakdown,
      digest,
      engine,
      dataTo,
      inputs: storable(storedInputsSchema.parse(snapshot.inputs)),
      result: storable(analysisSchema.parse(snapshot.analysis)),
    },
  });
  return { id, isNew: true };
}

/**
 * JSON that PostgreSQL keeps as it is. It refuses U+0000 and halves of surrogate pairs, which values of attributes may
 * hold; inputs and result are cleaned alike, so that one still follows from the other.
 */
function storable(value: object): Prisma.InputJsonObject {
  const text = JSON.stringify(value, (_, part: unknown) =>
    typeof part === "string" ? part.replace(/\p{Surrogate}/gu, "\uFFFD").replaceAll("\0", "\uFFFD") : part,
  );
  return JSON.parse(text) as Prisma.InputJsonObject;
}
