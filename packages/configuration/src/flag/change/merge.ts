import { isSame } from "../../equality.ts";
import type { FlagConfiguration } from "../configuration.ts";
import { applyToFlag, type InstructionProblem } from "./apply.ts";
import { diffFlag } from "./diff.ts";
import type { FlagInstruction } from "./instruction.ts";

/** What two people both changed, each in another way. */
export type FlagConflict =
  | { part: "switch" | "off" | "prerequisites" | "everyone" | "order" }
  | { part: "rule"; rule: string }
  | { part: "target"; id: string };

export interface MergedFlag {
  configuration: FlagConfiguration;
  /** Empty where both edits stand side by side. Where not, `mine` stands in what is named here. */
  conflicts: FlagConflict[];
}

/**
 * Puts two edits of the same base together. Edits of different rules, targets and settings all stay, in an order of rules
 * that does not depend on who came first. It is a conflict, too, when one turns the flag on and the other changes what it
 * serves: who turned it on has not seen that; and when one changes whom a rule is for and the other what it serves:
 * neither has seen what these people would get.
 */
export function mergeFlag(base: FlagConfiguration, mine: FlagConfiguration, theirs: FlagConfiguration): MergedFlag {
  const [own, other] = [diffFlag(base, mine), diffFlag(base, theirs)];
  const [ownEdits, otherEdits] = [editsOf(own), editsOf(other)];
  const conflicts = [...switchConflict(own, other)];
  const dropped = new Set<string>();
  for (const [key, edit] of otherEdits) {
    const also = ownEdits.get(key);
    if (!also) continue;
    dropped.add(key);
    if (!isSame(also.value, edit.value)) conflicts.push(edit.conflict);
  }
  for (const [rule, removal, edits] of [...removedAndEdited(own, otherEdits), ...removedAndEdited(other, ownEdits)]) {
    conflicts.push({ part: "rule", rule });
    if (otherEdits.get(removal)?.value === REMOVED) dropped.add(removal);
    for (const edit of edits) if (!ownEdits.has(edit)) dropped.add(edit);
  }
  for (const [rule, edits] of editedByBoth(ownEdits, otherEdits)) {
    if (!conflicts.some((one) => one.part === "rule" && one.rule === rule)) conflicts.push({ part: "rule", rule });
    for (const edit of edits) dropped.add(edit);
  }
  const edits = [...other.flatMap((instruction) => without(instruction, dropped)), ...own];
  const { configuration, problems } = applyToFlag(base, edits);
  conflicts.push(...problems.map(conflictOf));
  if (problems.every(({ code }) => code !== "circle")) return { configuration, conflicts };
  // Each placed a rule in front of one that the other moves, in a circle: theirs stay where they were.
  const moved = new Set<FlagInstruction>(own);
  const still = edits.filter((one) => one.kind !== "moveRule" || moved.has(one));
  return { configuration: applyToFlag(base, still).configuration, conflicts };
}

/** What could not be followed of both edits together, as something to ask about. */
function conflictOf({ code, rule }: InstructionProblem): FlagConflict {
  if (code === "circle") return { part: "order" };
  return rule === null ? { part: "everyone" } : { part: "rule", rule };
}

/**
 * Puts an edit on top of what others have made of its base meanwhile. Beside the conflicts of `mergeFlag`, it is one where
 * the edit would now do something that it did not do before; what others did already is no conflict.
 */
export function rebaseFlag(base: FlagConfiguration, mine: FlagConfiguration, newest: FlagConfiguration): MergedFlag {
  const merged = mergeFlag(base, mine, newest);
  if (merged.conflicts.length > 0) return merged;
  const asked = editsOf(diffFlag(base, mine));
  const conflicts = [...editsOf(diffFlag(newest, merged.configuration))].flatMap(([key, { value, conflict }]) => {
    const edit = asked.get(key);
    const isAsked = edit && (isPlace(key) || isSame(edit.value, value));
    return isAsked ? [] : [isPlace(key) ? { part: "order" as const } : conflict];
  });
  return { configuration: merged.configuration, conflicts };
}

/** Where a rule stands is told by its neighbour, which others may have moved. */
function isPlace(key: string): boolean {
  return key.startsWith("rule place ");
}

/** What both changed, in words: "rule 2, everyone else". Rules have the numbers that they have in the configuration. */
export function describeConflicts(conflicts: readonly FlagConflict[], { rules }: FlagConfiguration): string {
  const words = conflicts.map((conflict) => {
    if (conflict.part === "target") return `the target ${conflict.id}`;
    if (conflict.part !== "rule") return PART_WORDS[conflict.part];
    const at = rules.findIndex(({ id }) => id === conflict.rule);
    return at === -1 ? "a rule that is gone" : `rule ${at + 1}`;
  });
  const all = [...new Set(words)];
  return all.length > 5 ? `${all.slice(0, 5).join(", ")} and ${all.length - 5} more` : all.join(", ");
}

const PART_WORDS = {
  switch: "the switch, and what it serves while on",
  off: "the off variant",
  prerequisites: "the prerequisites",
  everyone: "everyone else",
  order: "the order of the rules",
};

/** What an instruction sets, by the name of the part that it sets it in. */
interface Edit {
  value: unknown;
  conflict: FlagConflict;
}

const REMOVED = "removed";

function editsOf(instructions: readonly FlagInstruction[]): Map<string, Edit> {
  return new Map(instructions.flatMap(editsIn));
}

function editsIn(instruction: FlagInstruction): [string, Edit][] {
  const of = (rule: string, part: string, value: unknown): [string, Edit][] => [
    [`rule ${part} ${rule}`, { value, conflict: { part: "rule", rule } }],
  ];
  switch (instruction.kind) {
    case "turnOn":
    case "turnOff":
      return [["switch", { value: instruction.kind, conflict: { part: "switch" } }]];
    case "setOffVariant":
      return [["off", { value: instruction.variant, conflict: { part: "off" } }]];
    case "setPrerequisites":
      return [["prerequisites", { value: instruction.prerequisites, conflict: { part: "prerequisites" } }]];
    case "addTargets":
    case "removeTargets": {
      const value = instruction.kind === "addTargets" ? instruction.variant : null;
      return instruction.ids.map((id) => [`target ${id}`, { value, conflict: { part: "target", id } }]);
    }
    case "addRule":
      return of(instruction.rule.id, "itself", instruction.rule);
    case "removeRule":
      return of(instruction.rule, "itself", REMOVED);
    case "moveRule":
      return of(instruction.rule, "place", instruction.before);
    case "renameRule":
      return of(instruction.rule, "name", instruction.name);
    case "setConditions":
      return of(instruction.rule, "conditions", instruction.when);
    case "setServe":
    case "setRollout": {
      if (instruction.rule !== null) return of(instruction.rule, "serve", instruction);
      return [["everyone", { value: instruction, conflict: { part: "everyone" } }]];
    }
    default: {
      const never: never = instruction;
      return never;
    }
  }
}

/** Rules that one of them removed while the other edited them: with the names of the removal and of the edits. */
function removedAndEdited(
  removing: readonly FlagInstruction[],
  edits: ReadonlyMap<string, Edit>,
): [rule: string, removal: string, edits: string[]][] {
  return removing.flatMap((instruction): [string, string, string[]][] => {
    if (instruction.kind !== "removeRule") return [];
    const { rule } = instruction;
    const names = ["name", "conditions", "serve"].map((part) => `rule ${part} ${rule}`);
    const found = names.filter((name) => edits.has(name));
    return found.length > 0 ? [[rule, `rule itself ${rule}`, found]] : [];
  });
}

/** What a rule does: whom it is for, and what they get. Its name and its place are neither. */
const RULE_PARTS = ["conditions", "serve"] as const;

/**
 * Rules of which each changed something that the other did not change in the same way: with the names of the other's
 * edits. One whose edits are all among those of the other does not ask for anything else.
 */
function editedByBoth(
  own: ReadonlyMap<string, Edit>,
  others: ReadonlyMap<string, Edit>,
): [rule: string, edits: string[]][] {
  const rules = new Set(
    [...others.values()].flatMap(({ conflict }) => (conflict.part === "rule" ? conflict.rule : [])),
  );
  return [...rules].flatMap((rule): [string, string[]][] => {
    const names = RULE_PARTS.map((part) => `rule ${part} ${rule}`);
    const differ = names.filter((name) => !isSame(own.get(name)?.value, others.get(name)?.value));
    const isByBoth = differ.some((name) => own.has(name)) && differ.some((name) => others.has(name));
    return isByBoth ? [[rule, names.filter((name) => others.has(name))]] : [];
  });
}

/** The instruction without what is dropped of it: nothing, or of targets those ids that are left. */
function without(instruction: FlagInstruction, dropped: ReadonlySet<string>): FlagInstruction[] {
  if (instruction.kind === "addTargets" || instruction.kind === "removeTargets") {
    const ids = instruction.ids.filter((id) => !dropped.has(`target ${id}`));
    return ids.length > 0 ? [{ ...instruction, ids }] : [];
  }
  return editsIn(instruction).some(([key]) => dropped.has(key)) ? [] : [instruction];
}

function switchConflict(own: readonly FlagInstruction[], other: readonly FlagInstruction[]): FlagConflict[] {
  const turnsOn = (one: readonly FlagInstruction[]) => one.some(({ kind }) => kind === "turnOn");
  const isServed = ({ kind }: FlagInstruction) => kind !== "turnOn" && kind !== "setOffVariant";
  if (turnsOn(own) === turnsOn(other)) return [];
  return (turnsOn(own) ? other : own).some(isServed) ? [{ part: "switch" }] : [];
}
