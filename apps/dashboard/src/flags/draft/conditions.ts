import type { ConfigCondition } from "../../query/outputs.ts";

/** Conditions that ask an attribute, and those that ask a segment. */
export type AttributeCondition = Exclude<ConfigCondition, { segments: string[] }>;
export type SegmentCondition = Extract<ConfigCondition, { segments: string[] }>;

/** Operators as people choose them: each fixes the type of its values, because types never coerce silently. */
export const OPERATOR_CHOICES = [
  { value: "is", label: "is any of" },
  { value: "isNot", label: "is none of" },
  { value: "contains", label: "contains" },
  { value: "notContains", label: "does not contain" },
  { value: "startsWith", label: "starts with" },
  { value: "endsWith", label: "ends with" },
  { value: "matches", label: "matches pattern" },
  { value: "notMatches", label: "does not match pattern" },
  { value: "equals", label: "= (number)" },
  { value: "differs", label: "≠ (number)" },
  { value: "lt", label: "<" },
  { value: "lte", label: "≤" },
  { value: "gt", label: ">" },
  { value: "gte", label: "≥" },
  { value: "semverEq", label: "is version" },
  { value: "semverLt", label: "version <" },
  { value: "semverLte", label: "version ≤" },
  { value: "semverGt", label: "version >" },
  { value: "semverGte", label: "version ≥" },
  { value: "before", label: "is before (time)" },
  { value: "after", label: "is after (time)" },
  { value: "inCidr", label: "is in network" },
  { value: "notInCidr", label: "is not in network" },
  { value: "true", label: "is true" },
  { value: "false", label: "is false" },
  { value: "exists", label: "is present" },
  { value: "notExists", label: "is missing" },
] as const;

export type OperatorChoice = (typeof OPERATOR_CHOICES)[number]["value"];

/** How the values of an operator are typed in. */
export type ValueKind = "texts" | "text" | "numbers" | "number" | "none";

const KINDS: Partial<Record<OperatorChoice, ValueKind>> = {
  equals: "numbers",
  differs: "numbers",
  lt: "number",
  lte: "number",
  gt: "number",
  gte: "number",
  semverLt: "text",
  semverLte: "text",
  semverGt: "text",
  semverGte: "text",
  before: "text",
  after: "text",
  true: "none",
  false: "none",
  exists: "none",
  notExists: "none",
};

/** What values an operator takes. */
export function valueKind(operator: OperatorChoice): ValueKind {
  return KINDS[operator] ?? "texts";
}

/** What a value looks like, where it is not obvious. */
export function valueExample(operator: OperatorChoice): string | undefined {
  if (operator.startsWith("semver")) return "1.4.0";
  if (operator === "before" || operator === "after") return "2026-11-24T10:00:00+01:00";
  if (operator === "inCidr" || operator === "notInCidr") return "10.0.0.0/8, Enter after each";
  if (operator === "matches" || operator === "notMatches") return "^[a-z]+@example\\.com$, Enter after each";
  return undefined;
}

/** The operator a person would have chosen to get this condition. */
export function operatorChoiceOf(condition: AttributeCondition): OperatorChoice {
  if (condition.op !== "in" && condition.op !== "notIn") return condition.op;
  const positive = condition.op === "in";
  const [first] = condition.values;
  if (typeof first === "boolean" && condition.values.length === 1) return first === positive ? "true" : "false";
  if (condition.values.length > 0 && condition.values.every((value) => typeof value === "number")) {
    return positive ? "equals" : "differs";
  }
  return positive ? "is" : "isNot";
}

/** The values as text, whatever they are. */
export function valueTexts(condition: AttributeCondition): string[] {
  return "values" in condition ? condition.values.map(String) : [];
}

function readNumbers(texts: readonly string[]): number[] {
  return texts
    .map((text) => (text.trim() === "" ? Number.NaN : Number(text.replace(",", "."))))
    .filter((value) => Number.isFinite(value));
}

/** Digits alone are epoch milliseconds. */
const instant = (text: string) => (/^\d+$/.test(text.trim()) ? Number(text) : text.trim());

/** A condition from its parts. Texts that are no numbers are left out where the operator takes numbers. */
export function makeCondition(
  attribute: string,
  operator: OperatorChoice,
  texts: readonly string[],
): AttributeCondition {
  switch (operator) {
    case "is":
      return { attribute, op: "in", values: [...texts] };
    case "isNot":
      return { attribute, op: "notIn", values: [...texts] };
    case "contains":
    case "notContains":
    case "startsWith":
    case "endsWith":
    case "matches":
    case "notMatches":
    case "semverEq":
    case "inCidr":
    case "notInCidr":
      return { attribute, op: operator, values: [...texts] };
    case "semverLt":
    case "semverLte":
    case "semverGt":
    case "semverGte":
      return { attribute, op: operator, values: texts.slice(0, 1) };
    case "before":
    case "after":
      return { attribute, op: operator, values: texts.slice(0, 1).map(instant) };
    case "equals":
      return { attribute, op: "in", values: readNumbers(texts) };
    case "differs":
      return { attribute, op: "notIn", values: readNumbers(texts) };
    case "lt":
    case "lte":
    case "gt":
    case "gte":
      return { attribute, op: operator, values: readNumbers(texts).slice(0, 1) };
    case "true":
      return { attribute, op: "in", values: [true] };
    case "false":
      return { attribute, op: "in", values: [false] };
    case "exists":
    case "notExists":
      return { attribute, op: operator };
    default: {
      const never: never = operator;
      return never;
    }
  }
}

/** What is missing in a condition, per field; empty when it can be saved. A blank one would match nobody, or everybody. */
export function conditionProblems(condition: ConfigCondition): { attribute?: string; values?: string } {
  if ("segments" in condition) return condition.segments.length > 0 ? {} : { values: "Choose a segment" };
  const problems: { attribute?: string; values?: string } = {};
  if (condition.attribute.trim() === "") problems.attribute = "Name an attribute";
  const kind = valueKind(operatorChoiceOf(condition));
  if ("values" in condition && !condition.values.some((value) => value !== "")) {
    problems.values =
      kind === "number" || kind === "numbers"
        ? "Give a number"
        : kind === "text"
          ? "Give a value"
          : "Give at least one value";
  }
  return problems;
}
