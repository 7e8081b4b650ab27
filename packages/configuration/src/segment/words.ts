import { type ConfigurationChange, changedFrom, describeChanges, describeIds, quoted } from "../changes.ts";
import { canonical } from "../equality.ts";
import type { ConfigCondition } from "../flag/configuration.ts";
import { describeCondition } from "../flag/words.ts";
import { diffSegment, type SegmentInstruction } from "./change.ts";
import type { DescribedSegment, SegmentDefinition } from "./segment.ts";

const LISTS = { included: "Ids always in", excluded: "Ids never in" };

/** What differs from one state of a segment to another, a line each: the one wording of its changes. */
export function listSegmentChanges(before: DescribedSegment, after: DescribedSegment): ConfigurationChange[] {
  return [
    ...textChange("Name", before.name, after.name),
    ...textChange("Description", before.description, after.description),
    ...diffSegment(before.definition, after.definition).map((one) => lineOf(one, before.definition, after.definition)),
  ];
}

/** The change from one state to another as a sentence; `NOTHING_CHANGED` when they say the same. */
export function describeSegmentChange(before: DescribedSegment, after: DescribedSegment): string {
  return describeChanges(listSegmentChanges(before, after));
}

function textChange(subject: string, before: string, after: string): ConfigurationChange[] {
  return before === after ? [] : [changedFrom(subject, quoted(before), quoted(after))];
}

function lineOf(
  instruction: SegmentInstruction,
  before: SegmentDefinition,
  after: SegmentDefinition,
): ConfigurationChange {
  switch (instruction.kind) {
    case "addIds":
      return { kind: "added", subject: LISTS[instruction.list], after: describeIds(instruction.ids) };
    case "removeIds":
      return { kind: "removed", subject: LISTS[instruction.list], before: describeIds(instruction.ids) };
    case "addRule":
      return { kind: "added", subject: numberOf(instruction.when, after), after: describeWhen(instruction.when) };
    default:
      return { kind: "removed", subject: numberOf(instruction.when, before), before: describeWhen(instruction.when) };
  }
}

function numberOf(when: readonly ConfigCondition[], { rules }: SegmentDefinition): string {
  const key = canonical(when);
  return `Rule ${rules.findIndex((rule) => canonical(rule) === key) + 1}`;
}

function describeWhen(when: readonly ConfigCondition[]): string {
  return when.map(describeCondition).join(" and ");
}

/** A segment in words, as it was created: "3 ids in, 1 out, 2 rules". */
export function describeSegment({ included, excluded, rules }: SegmentDefinition): string {
  const counted = (count: number, one: string) => `${count} ${count === 1 ? one : `${one}s`}`;
  return `${counted(included.length, "id")} in, ${excluded.length} out, ${counted(rules.length, "rule")}`;
}
