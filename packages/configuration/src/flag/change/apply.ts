import type { ConfigRule, FlagConfiguration } from "../configuration.ts";
import { diffFlag } from "./diff.ts";
import type { FlagInstruction } from "./instruction.ts";
import { placeRules } from "./order.ts";
import { targetsFrom, variantsById } from "./targets.ts";

/** Why an instruction cannot be followed. */
export interface InstructionProblem {
  code: "no_rule" | "rule_exists" | "no_anchor" | "no_split" | "circle";
  /** The rule that it is about; null for everyone else. */
  rule: string | null;
  /** For people: what is wrong, and what to do. */
  sentence: string;
}

export interface AppliedInstructions {
  configuration: FlagConfiguration;
  /** Empty where all could be followed; the others are left out of the configuration. */
  problems: InstructionProblem[];
}

/** What the rules become while instructions are followed. */
interface RuleChanges {
  rules: Map<string, ConfigRule>;
  removed: Set<string>;
  placements: Map<string, string | null>;
  /** Rules that were to be added under an id that is taken. */
  refused: Set<ConfigRule>;
  problems: InstructionProblem[];
}

/**
 * Follows instructions. They are followed together: rules that are placed in front of the same one come in an order of
 * their own (`placeRules`), and one that is removed can still be an anchor. On what two of them both set, the later holds.
 */
export function applyToFlag(
  configuration: FlagConfiguration,
  instructions: readonly FlagInstruction[],
): AppliedInstructions {
  const changes = startChanges(configuration, instructions);
  const after = { ...configuration };
  const variants = lazily(() => variantsById(configuration.targets));
  for (const instruction of instructions) {
    switch (instruction.kind) {
      case "turnOn":
      case "turnOff":
        after.on = instruction.kind === "turnOn";
        break;
      case "setOffVariant":
        after.off = instruction.variant;
        break;
      case "setPrerequisites":
        after.prerequisites = instruction.prerequisites;
        break;
      case "addTargets":
        for (const id of instruction.ids) variants.get().set(id, instruction.variant);
        break;
      case "removeTargets":
        for (const id of instruction.ids) if (variants.get().get(id) === instruction.variant) variants.get().delete(id);
        break;
      case "setServe":
      case "setRollout":
        if (instruction.rule === null) after.serve = served(after.serve, instruction, changes);
        else editRule(changes, instruction.rule, (rule) => ({ serve: served(rule.serve, instruction, changes) }));
        break;
      default:
        changeRules(changes, instruction);
    }
  }
  if (variants.isRead()) after.targets = targetsFrom(variants.get(), configuration.targets);
  after.rules = orderedRules(configuration.rules, changes);
  return { configuration: after, problems: changes.problems };
}

/** The instructions that undo these: what they make of the configuration is led back to it. */
export function invertFlag(
  configuration: FlagConfiguration,
  instructions: readonly FlagInstruction[],
): FlagInstruction[] {
  return diffFlag(applyToFlag(configuration, instructions).configuration, configuration);
}

/** Rules that are added stand from the beginning, so that they can be edited and be anchors, whatever comes first. */
function startChanges({ rules }: FlagConfiguration, instructions: readonly FlagInstruction[]): RuleChanges {
  const changes: RuleChanges = {
    rules: new Map(rules.map((rule) => [rule.id, rule])),
    removed: new Set(),
    placements: new Map(),
    refused: new Set(),
    problems: [],
  };
  for (const instruction of instructions) {
    if (instruction.kind !== "addRule") continue;
    const { rule } = instruction;
    if (changes.rules.has(rule.id)) {
      changes.refused.add(rule);
      changes.problems.push(problem("rule_exists", rule.id));
    } else changes.rules.set(rule.id, rule);
  }
  return changes;
}

function changeRules(
  changes: RuleChanges,
  instruction: Extract<
    FlagInstruction,
    { kind: "addRule" | "removeRule" | "moveRule" | "renameRule" | "setConditions" }
  >,
): void {
  switch (instruction.kind) {
    case "addRule":
      if (!changes.refused.has(instruction.rule)) placeRule(changes, instruction.rule.id, instruction.before);
      break;
    case "moveRule":
      placeRule(changes, instruction.rule, instruction.before);
      break;
    case "removeRule":
      if (changes.rules.has(instruction.rule)) changes.removed.add(instruction.rule);
      else changes.problems.push(problem("no_rule", instruction.rule));
      break;
    case "renameRule":
      editRule(changes, instruction.rule, () => ({ name: instruction.name ?? undefined }));
      break;
    default:
      editRule(changes, instruction.rule, () => ({ when: instruction.when }));
  }
}

function placeRule({ rules, placements, problems }: RuleChanges, rule: string, before: string | null): void {
  if (!rules.has(rule)) problems.push(problem("no_rule", rule));
  else if (before !== null && !rules.has(before)) problems.push(problem("no_anchor", before));
  else if (before !== rule) placements.set(rule, before);
}

function editRule({ rules, problems }: RuleChanges, id: string, edit: (rule: ConfigRule) => Partial<ConfigRule>): void {
  const rule = rules.get(id);
  if (rule) rules.set(id, { ...rule, ...edit(rule) });
  else problems.push(problem("no_rule", id));
}

function served(
  serve: ConfigRule["serve"],
  instruction: Extract<FlagInstruction, { kind: "setServe" | "setRollout" }>,
  { problems }: RuleChanges,
): ConfigRule["serve"] {
  if (instruction.kind === "setServe") return instruction.serve;
  if ("split" in serve) return { split: { ...serve.split, weights: instruction.weights } };
  problems.push(problem("no_split", instruction.rule));
  return serve;
}

function orderedRules(before: readonly ConfigRule[], changes: RuleChanges): ConfigRule[] {
  const { rules, removed, placements, problems } = changes;
  const ids = before.map(({ id }) => id);
  const takesEverybody = (id: string) => rules.get(id)?.when.length === 0;
  const order = placeRules(ids, placements, takesEverybody);
  if (!order) problems.push(problem("circle", null));
  return (order ?? ids).flatMap((id) => {
    const rule = rules.get(id);
    return rule && !removed.has(id) ? [rule] : [];
  });
}

const SENTENCES: Record<InstructionProblem["code"], (rule: string | null) => string> = {
  no_rule: (rule) => `There is no rule "${rule}". Look at the flag's rules.`,
  rule_exists: (rule) => `There is a rule "${rule}" already. Choose another id.`,
  no_anchor: (rule) => `There is no rule "${rule}" to place another in front of. Look at the flag's rules.`,
  no_split: (rule) =>
    `${rule === null ? "Everyone else" : `Rule "${rule}"`} is served one variant, so there are no shares to set. Use setServe.`,
  circle: () => "Rules are placed in front of one another in a circle. Place one of them elsewhere.",
};

function problem(code: InstructionProblem["code"], rule: string | null): InstructionProblem {
  return { code, rule, sentence: SENTENCES[code](rule) };
}

/** A value that is made when it is first needed. */
function lazily<T>(make: () => T): { get(): T; isRead(): boolean } {
  let made: { value: T } | undefined;
  return {
    get: () => {
      made ??= { value: make() };
      return made.value;
    },
    isRead: () => made !== undefined,
  };
}
