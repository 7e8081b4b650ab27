import { createHash } from "node:crypto";
import { analyse, analysisSchema, ENGINE } from "@telltale/analysis";
import { canonical } from "@telltale/configuration";
import { inExperiment, readSnapshot, type StoredInputs } from "@telltale/control";
import { z } from "zod";
import { snapshotId } from "../experiment/shapes.ts";
import { projectProcedure } from "../trpc.ts";

const answer = z.object({
  /** Whether the same moments gave the same result, byte for byte. */
  same: z.boolean(),
  /** False where its moments cannot be read: nothing was compared. */
  isComparable: z.boolean(),
  engine: z.object({ stored: z.string(), now: z.string() }),
  /** Of the stored result as canonical JSON. */
  bytes: z.number(),
  /** Of both results as canonical JSON, hex; the recomputed one is null where nothing was compared. */
  sha256: z.object({ stored: z.string(), recomputed: z.string().nullable() }),
  /** What was found, for people. */
  sentence: z.string(),
});

/**
 * Computes a snapshot's result again from its moments, and compares it with what was stored. What another engine computed
 * is compared too where its moments can be read.
 */
export const recompute = projectProcedure
  .input(inExperiment.extend({ snapshot: snapshotId }))
  .output(answer)
  .query(async ({ ctx, input }): Promise<z.infer<typeof answer>> => {
    const { engine, inputs, stored } = await readSnapshot(ctx.database, ctx.actor, input);
    const was = canonical(stored.result);
    const is = inputs && again(inputs, engine);
    const same = was === is;
    return {
      same,
      isComparable: is !== null,
      engine: { stored: engine, now: ENGINE },
      bytes: Buffer.byteLength(was),
      sha256: { stored: sha256Of(was), recomputed: is === null ? null : sha256Of(is) },
      sentence: sentence(engine, is === null ? "unread" : same ? "same" : "other"),
    };
  });

/** The recomputed result as canonical JSON; null where another engine kept moments that this one cannot read. */
function again({ query: _, ...facts }: StoredInputs, engine: string): string | null {
  try {
    return canonical(analysisSchema.parse(analyse(facts)));
  } catch (error) {
    if (engine === ENGINE) throw error;
    return null;
  }
}

function sentence(engine: string, found: "same" | "other" | "unread"): string {
  const computed =
    engine === ENGINE ? "" : `This snapshot was computed by ${engine}, and this release computes with ${ENGINE}. `;
  switch (found) {
    case "same":
      return `${computed}Computed again from the stored moments, the result is the same, byte for byte.`;
    case "other":
      return engine === ENGINE
        ? "Computed again from the stored moments, the result differs. Please report it with this snapshot's id."
        : `${computed}Computed again from the stored moments, the result differs because of that. Use the release that wrote it.`;
    case "unread":
      return `${computed}Its moments are not stored in a shape that is read here, so nothing was compared. Use the release that wrote it.`;
    default: {
      const never: never = found;
      return never;
    }
  }
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
