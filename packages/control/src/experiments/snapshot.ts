import { type Database, newId, type Prisma } from "@telltale/db";
import { z } from "zod";

const fraction = z.number().nullable();
const interval = z.union([
  z.object({ state: z.literal("bounded"), estimate: z.number(), low: z.number(), high: z.number() }),
  z.object({ state: z.literal("unbounded"), estimate: z.number() }),
  z.object({ state: z.literal("undefined"), reason: z.string() }),
]);

/** One treatment against the control. */
export const comparisonSchema = z.object({
  control: z.object({ n: z.number(), rate: fraction }),
  treatment: z.object({ n: z.number(), rate: fraction }),
  difference: z.object({ estimate: z.number(), low: z.number(), high: z.number() }).nullable(),
  lift: interval,
  p: z.number().nullable(),
  state: z.enum(["ok", "few-conversions", "no-data", "no-variance", "impossible"]),
  confidence: z.number(),
  verdict: z.enum(["better", "worse", "unclear", "unknown"]),
});

const armCount = z.object({ variant: z.string(), units: z.number(), converted: z.number(), rate: fraction });

export const verdictSchema = z.object({
  code: z.enum(["collecting", "keep-running", "health", "ship", "worse", "no-difference"]),
  sentence: z.string(),
});

/** What one run of the analysis found. Everything a page shows; no number in it is ever NaN or infinite. */
export const analysisSchema = z.object({
  people: z.number(),
  arms: z.array(z.object({ variant: z.string(), units: z.number() })),
  /** Units seen in several arms: excluded. */
  severalVariants: z.number(),
  split: z.object({
    state: z.enum(["ok", "warning", "alarm", "too-few", "no-data"]),
    p: z.number().nullable(),
    chi2: z.number().nullable(),
    expected: z.array(z.number()),
  }),
  metrics: z.array(
    z.object({
      key: z.string(),
      role: z.enum(["primary", "secondary", "guardrail"]),
      arms: z.array(armCount),
      comparisons: z.array(z.object({ variant: z.string(), comparison: comparisonSchema })),
    }),
  ),
  /** Length of the series' steps. */
  stepSeconds: z.number(),
  /** Cumulative: as it stood at the end of the step that began at `at` (ISO 8601, UTC). */
  series: z.array(
    z.object({
      at: z.string(),
      variant: z.string(),
      metric: z.string(),
      units: z.number(),
      converted: z.number(),
      rate: fraction,
      lift: z.object({ estimate: z.number(), low: z.number(), high: z.number() }).nullable(),
    }),
  ),
  verdict: verdictSchema,
});

export type Analysis = z.infer<typeof analysisSchema>;
export type Comparison = z.infer<typeof comparisonSchema>;
export type Verdict = z.infer<typeof verdictSchema>;

/** A stored run. */
export interface NewSnapshot {
  experimentId: string;
  /** sha-256 of the moments. */
  digest: string;
  engine: string;
  /** Window, settings, query. */
  inputs: Record<string, unknown>;
  analysis: Analysis;
  dataTo: Date;
}

/** Stores a run, never to change. Answers false when the newest snapshot already says the same. */
export async function saveSnapshot(database: Database, snapshot: NewSnapshot): Promise<boolean> {
  const { experimentId, digest, engine, inputs, analysis, dataTo } = snapshot;
  const newest = await database.snapshot.findFirst({ where: { experimentId }, orderBy: { createdAt: "desc" } });
  if (newest?.digest === digest && newest.engine === engine) return false;
  await database.snapshot.create({
    data: {
      id: newId(),
      experimentId,
      digest,
      engine,
      inputs: inputs as Prisma.InputJsonObject,
      result: analysisSchema.parse(analysis) as Prisma.InputJsonObject,
      dataTo,
    },
  });
  return true;
}
