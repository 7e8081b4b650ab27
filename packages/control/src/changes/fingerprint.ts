import { createHash } from "node:crypto";
import { canonical } from "@telltale/configuration";
import type { Rehearsal } from "../door/change.ts";

/** What a set of commands would do, for people. */
export interface PreviewLine {
  object: string;
  objectKey: string;
  environment: string | null;
  sentence: string;
}

export function previewOf({ lines }: Pick<Rehearsal, "lines">): PreviewLine[] {
  return lines.map(({ object, objectKey, environment = null, sentence }) => {
    return { object, objectKey, environment, sentence };
  });
}

/**
 * The result of commands as a short text: the same where they would do the same, whatever else has changed meanwhile. An
 * approval is for this.
 */
export function fingerprintOf({ lines }: Pick<Rehearsal, "lines">): string {
  const results = lines.map(({ projectId, object, objectKey, environment = null, sentence, detail }) => {
    return { projectId, object, objectKey, environment, sentence, change: changeIn(detail) };
  });
  return createHash("sha256").update(canonical(results)).digest("hex");
}

/** What a line's detail says of the change itself: not where it stands in the history, nor what was there besides. */
function changeIn(detail: unknown): unknown {
  if (typeof detail !== "object" || detail === null) return null;
  return "change" in detail ? detail.change : null;
}
