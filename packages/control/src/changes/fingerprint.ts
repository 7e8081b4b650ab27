import { createHash } from "node:crypto";
import { canonical } from "@telltale/configuration";
import { z } from "zod";
import type { Rehearsal } from "../door/change.ts";
import type { Bound } from "../door/command.ts";

/** What commands would do, for people: a line for each thing that they change. */
export const previewLine = z.object({
  object: z.string(),
  objectKey: z.string(),
  environment: z.string().nullable(),
  sentence: z.string(),
});

export function previewOf({ lines }: Pick<Rehearsal, "lines">): z.output<typeof previewLine>[] {
  return lines.map(({ object, objectKey, environment = null, sentence }) => {
    return { object, objectKey, environment, sentence };
  });
}

/**
 * What a change does, as data where its line has it: the same edit is told otherwise once others have moved what stands
 * beside it. So where a rule stands is left out; the door refuses where that is in question.
 */
function instructionsIn(detail: unknown): string[] | undefined {
  const read = z.object({ instructions: z.array(z.record(z.string(), z.unknown())) }).safeParse(detail);
  return read.data?.instructions.map(({ before: _, ...instruction }) => canonical(instruction)).sort();
}

/**
 * Commands and their result as a short text: another one where a command was edited, and where the same commands would do
 * something else because others have changed the same things. An approval is for this.
 */
export function fingerprintOf(
  commands: readonly Pick<Bound, "name" | "input">[],
  { lines }: Pick<Rehearsal, "lines">,
): string {
  const asked = commands.map(({ name, input }) => ({ name, input }));
  const results = lines.map(({ projectId, object, objectKey, environment = null, sentence, detail }) => {
    return { projectId, object, objectKey, environment, change: instructionsIn(detail) ?? sentence };
  });
  return createHash("sha256").update(canonical({ asked, results })).digest("hex");
}
