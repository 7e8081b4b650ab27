import { conditionProblems } from "../flags/draft/conditions.ts";
import type { SegmentDetail } from "../query/outputs.ts";

/** What can be edited of a segment. */
export interface SegmentForm {
  name: string;
  description: string;
  definition: SegmentDetail["definition"];
}

/** A form with edits, and the revision that they were made on. */
export interface SegmentEdit {
  form: SegmentForm;
  revision: number;
}

/** Where the edits of a project's segments are kept, by the segment's key. */
export function editsOf(project: string): string {
  return `segment/${project}/`;
}

/** The form as the segment is now. */
export function segmentForm({ name, description, definition }: SegmentDetail): SegmentForm {
  return { name, description, definition };
}

/**
 * Why a segment cannot be saved yet, a sentence each; ids that contradict each other are listed elsewhere, one by one.
 */
export function segmentProblems(form: SegmentForm): string[] {
  const problems: string[] = [];
  if (form.name.trim() === "") problems.push("Give it a name.");
  for (const [at, rule] of form.definition.rules.entries()) {
    const blank = rule.some((condition) => Object.keys(conditionProblems(condition)).length > 0);
    if (rule.length === 0 || blank) problems.push(`Rule ${at + 1} has a condition that is not filled in.`);
  }
  return problems;
}
