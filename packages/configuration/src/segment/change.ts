import { z } from "zod";
import { canonical } from "../equality.ts";
import type { ConfigCondition } from "../flag/configuration.ts";
import { idsSchema } from "../keys.ts";
import { type DescribedSegment, type SegmentDefinition, segmentRuleSchema } from "./segment.ts";

/**
 * One operation on a segment. Its ids and its rules are sets: an id is in it or not, and somebody is in it by any rule, so
 * that the order of them says nothing.
 */
export type SegmentInstruction =
  | { kind: "addIds" | "removeIds"; list: "included" | "excluded"; ids: string[] }
  | { kind: "addRule" | "removeRule"; when: ConfigCondition[] };

/** A list of instructions as it arrives from outside. */
export const segmentInstructionsSchema: z.ZodType<SegmentInstruction[]> = z
  .array(
    z.discriminatedUnion("kind", [
      z.object({
        kind: z.enum(["addIds", "removeIds"]),
        list: z.enum(["included", "excluded"]),
        ids: idsSchema.min(1, "Give at least one id."),
      }),
      z.object({ kind: z.enum(["addRule", "removeRule"]), when: segmentRuleSchema }),
    ]),
  )
  .min(1, "Give at least one instruction.")
  .max(500, "Give at most 500 instructions.");

const LISTS = ["included", "excluded"] as const;

/** The instructions that make one definition of another; empty exactly when both hold the same people. */
export function diffSegment(before: SegmentDefinition, after: SegmentDefinition): SegmentInstruction[] {
  const ids = LISTS.flatMap((list): SegmentInstruction[] => [
    ...idsChange("removeIds", list, missingIn(before[list], after[list])),
    ...idsChange("addIds", list, missingIn(after[list], before[list])),
  ]);
  return [
    ...ids,
    ...rulesMissingIn(before, after).map((when) => ({ kind: "removeRule" as const, when })),
    ...rulesMissingIn(after, before).map((when) => ({ kind: "addRule" as const, when })),
  ];
}

function idsChange(kind: "addIds" | "removeIds", list: (typeof LISTS)[number], ids: string[]): SegmentInstruction[] {
  return ids.length > 0 ? [{ kind, list, ids }] : [];
}

/** Whether two definitions hold the same people. */
export function isSameSegment(before: SegmentDefinition, after: SegmentDefinition): boolean {
  return diffSegment(before, after).length === 0;
}

/** Follows instructions, one after the other. What is there already is not added twice; what is not there stays away. */
export function applyToSegment(
  definition: SegmentDefinition,
  instructions: readonly SegmentInstruction[],
): SegmentDefinition {
  const lists = { included: new Set(definition.included), excluded: new Set(definition.excluded) };
  const rules = new Map(definition.rules.map((when) => [canonical(when), when]));
  for (const instruction of instructions) {
    switch (instruction.kind) {
      case "addIds":
        for (const id of instruction.ids) lists[instruction.list].add(id);
        break;
      case "removeIds":
        for (const id of instruction.ids) lists[instruction.list].delete(id);
        break;
      case "addRule":
        rules.set(canonical(instruction.when), instruction.when);
        break;
      default:
        rules.delete(canonical(instruction.when));
    }
  }
  return { included: [...lists.included], excluded: [...lists.excluded], rules: [...rules.values()] };
}

/** The instructions that undo a difference: `diffSegment(after, before)`, without the two. */
export function invertSegment(difference: readonly SegmentInstruction[]): SegmentInstruction[] {
  return difference.map((one) => {
    switch (one.kind) {
      case "addIds":
      case "removeIds":
        return { ...one, kind: one.kind === "addIds" ? "removeIds" : "addIds" };
      default:
        return { ...one, kind: one.kind === "addRule" ? "removeRule" : "addRule" };
    }
  });
}

/** What two people both changed, each in another way: a text, or an id that one includes and the other excludes. */
export type SegmentConflict = { part: "name" | "description" } | { part: "id"; id: string };

export interface MergedSegment {
  segment: DescribedSegment;
  /** Empty where both edits stand side by side. Where not, `mine` stands. */
  conflicts: SegmentConflict[];
}

/** Puts two edits of the same base together. Sets merge by themselves; only what they say of one id can disagree. */
export function mergeSegment(base: DescribedSegment, mine: DescribedSegment, theirs: DescribedSegment): MergedSegment {
  const [own, other] = [mine, theirs].map(({ definition }) => diffSegment(base.definition, definition));
  const ids = idConflicts(own ?? [], other ?? []).map((id) => ({ part: "id" as const, id }));
  const texts = TEXTS.filter(
    (part) => mine[part] !== theirs[part] && mine[part] !== base[part] && theirs[part] !== base[part],
  );
  const text = (part: (typeof TEXTS)[number]) => (mine[part] === base[part] ? theirs[part] : mine[part]);
  return {
    segment: {
      name: text("name"),
      description: text("description"),
      definition: applyToSegment(base.definition, [...(other ?? []), ...(own ?? [])]),
    },
    conflicts: [...texts.map((part) => ({ part })), ...ids],
  };
}

const TEXTS = ["name", "description"] as const;

function idConflicts(own: readonly SegmentInstruction[], other: readonly SegmentInstruction[]): string[] {
  const added = (instructions: readonly SegmentInstruction[], list: (typeof LISTS)[number]) =>
    new Set(instructions.flatMap((one) => (one.kind === "addIds" && one.list === list ? one.ids : [])));
  const both = (a: ReadonlySet<string>, b: ReadonlySet<string>) => [...a].filter((id) => b.has(id));
  return [
    ...both(added(own, "included"), added(other, "excluded")),
    ...both(added(own, "excluded"), added(other, "included")),
  ];
}

function missingIn(ids: readonly string[], others: readonly string[]): string[] {
  const there = new Set(others);
  return [...new Set(ids)].filter((id) => !there.has(id));
}

function rulesMissingIn({ rules }: SegmentDefinition, others: SegmentDefinition): ConfigCondition[][] {
  const there = new Set(others.rules.map(canonical));
  const own = new Map(rules.map((when) => [canonical(when), when]));
  return [...own].flatMap(([key, when]) => (there.has(key) ? [] : [when]));
}
