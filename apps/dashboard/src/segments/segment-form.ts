import { conditionProblems } from "../flags/draft/conditions.ts";
import type { SegmentDetail } from "../query/outputs.ts";

/** What can be edited of a segment. */
export interface SegmentForm {
  name: string;
  description: string;
  definition: SegmentDetail["definition"];
}

/** The form as the segment is now. */
export function segmentForm({ name, description, definition }: SegmentDetail): SegmentForm {
  return { name, description, definition };
}

/** Why a segment cannot be saved yet, a sentence each. */
export function segmentProblems(form: SegmentForm): string[] {
  const problems: string[] = [];
  if (form.name.trim() === "") problems.push("Give it a name.");
  for (const [at, rule] of form.definition.rules.entries()) {
    const blank = rule.some((condition) => Object.keys(conditionProblems(condition)).length > 0);
    if (rule.length === 0 || blank) problems.push(`Rule ${at + 1} has a condition that is not filled in.`);
  }
  const out = new Set(form.definition.excluded);
  const both = form.definition.included.find((id) => out.has(id));
  if (both !== undefined) problems.push(`“${both}” is both listed and left out.`);
  return problems;
}
