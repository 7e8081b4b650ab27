import { createHash } from "node:crypto";
import { analyse, analysisSchema, canonical, ENGINE } from "@telltale/analysis";
import { readSnapshot, type StoredInputs } from "@telltale/control";
import { z } from "zod";
import { inExperiment, snapshotId } from "../experiment/shapes.ts";
import { procedure } from "../trpc.ts";

const answer = z.object({
  /** Whether the same moments gave the same result, byte for byte. */
  same: z.boolean(),
  /** False for a snapshot of another engine: nothing was compared. */
  isComparable: z.boolean(),
  engine: z.object({ stored: z.string(), now: z.string() }),
  /** Of the stored result as canonical JSON. */
  bytes: z.number(),
  /** Of both results as canonical JSON, hex; the recomputed one is null where nothing was compared. */
  sha256: z.object({ stored: z.string(), recomputed: z.string().nullable() }),
  /** What was found, for people. */
  sentence: z.string(),
});

/** Computes a snapshot's result again from its moments, and compares it with what was stored. */
export const recompute = procedure
  .input(inExperiment.extend({ snapshot: snapshotId }))
  .output(answer)
  .query(async ({ ctx, input }): Promise<z.infer<typeof answer>> => {
    const { engine, inputs, stored } = await readSnapshot(ctx.database, ctx.actor, input);
    const was = canonical(stored.result);
    const common = { engine: { stored: engine, now: ENGINE }, bytes: Buffer.byteLength(was) };
    if (engine !== ENGINE || !inputs) {
      const sha256 = { stored: sha256Of(was), recomputed: null };
      return { same: false, isComparable: false, ...common, sha256, sentence: refusal(engine) };
    }
    const is = canonical(again(inputs));
    const same = was === is;
    const sha256 = { stored: sha256Of(was), recomputed: sha256Of(is) };
    const sentence = same
      ? `Computed again from the stored moments: the same ${common.bytes} bytes.`
      : "Computed again from the stored moments, the result differs. Please report it with this snapshot's id.";
    return { same, isComparable: true, ...common, sha256, sentence };
  });

function again({ query: _, ...facts }: StoredInputs) {
  return analysisSchema.parse(analyse(facts));
}

function refusal(engine: string): string {
  if (engine === ENGINE)
    return "This snapshot's moments are not stored in a shape that is read, so nothing was compared.";
  return `This snapshot was computed by ${engine} and this release computes with ${ENGINE}, so nothing was compared. Use the release that wrote it.`;
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
