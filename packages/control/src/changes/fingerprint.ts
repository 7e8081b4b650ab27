import { createHash } from "node:crypto";
import {
  canonical,
  diffFlag,
  invertSegment,
  readConfiguration,
  segmentInstructionsSchema,
} from "@telltale/configuration";
import { z } from "zod";
import type { AuditLine, Rehearsal } from "../door/change.ts";
import type { Bound } from "../door/command.ts";

/** What commands would do, for people: a line for each thing that they change. */
export const previewLine = z.object({
  object: z.string(),
  objectKey: z.string(),
  environment: z.string().nullable(),
  sentence: z.string(),
});

export function previewOf({ lines }: Pick<Rehearsal, "lines">): z.output<typeof previewLine>[] {
  return lines.map(previewLineOf);
}

export function previewLineOf(line: AuditLine): z.output<typeof previewLine> {
  const { object, objectKey, environment = null, sentence } = line;
  return { object, objectKey, environment, sentence };
}

/**
 * What a change does, as data where its line has it: the same edit is told otherwise once others have moved what stands
 * beside it. So where a rule stands is left out; the door refuses where that is in question.
 */
function editIn({
  object,
  detail,
}: Pick<AuditLine, "object" | "detail">): { does: string[]; undoes: string[] } | undefined {
  if (object === "segment") {
    const read = editedSegment.safeParse(detail);
    if (!read.success) return undefined;
    const { instructions } = read.data;
    return { does: written(instructions), undoes: written(invertSegment(instructions)) };
  }
  // The sentence of any other thing says what stood there, too.
  if (object !== "flag") return undefined;
  const read = edited.safeParse(detail);
  if (!read.success) return undefined;
  const { instructions, before, after } = read.data;
  // What takes it back holds the values that stood there: where others have changed these, it is another change.
  const undoes = diffFlag(readConfiguration(after), readConfiguration(before));
  return { does: written(instructions), undoes: written(undoes) };
}

const edited = z.object({
  instructions: z.array(z.unknown()),
  before: z.record(z.string(), z.unknown()),
  after: z.record(z.string(), z.unknown()),
});

const editedSegment = z.object({ instructions: segmentInstructionsSchema.or(z.tuple([])) });

/** Each without the anchor that says where a rule stands. */
function written(instructions: readonly unknown[]): string[] {
  return instructions.map((instruction) => canonical({ ...Object(instruction), before: null })).sort();
}

/**
 * Commands and their result as a short text: another one where a command was edited, and where the same commands would do
 * something else because others have changed the same things. An approval is for this.
 */
export function fingerprintOfChange(
  commands: readonly Pick<Bound, "name" | "input">[],
  { lines }: Pick<Rehearsal, "lines">,
): string {
  const asked = commands.map(({ name, input }) => ({ name, input }));
  // New ids are made each time; the commands name their projects.
  const results = lines.map((line) => {
    const { object, environment = null, sentence } = line;
    // Releases are numbered as they come; their sentences name the flag.
    const objectKey = object === "release" ? null : line.objectKey;
    return { object, objectKey, environment, change: editIn(line) ?? sentence };
  });
  return createHash("sha256").update(canonical({ asked, results })).digest("hex");
}
