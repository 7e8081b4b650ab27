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
 * Commands and their result as a short text: another one where a command was edited, and where the same commands would do
 * something else because others have changed the same things. An approval is for this.
 */
export function fingerprintOf(
  commands: readonly Pick<Bound, "name" | "input">[],
  { lines }: Pick<Rehearsal, "lines">,
): string {
  const asked = commands.map(({ name, input }) => ({ name, input }));
  const results = lines.map(({ projectId, object, objectKey, environment = null, sentence }) => {
    return { projectId, object, objectKey, environment, sentence };
  });
  return createHash("sha256").update(canonical({ asked, results })).digest("hex");
}
