import type { RouterInputs } from "@telltale/api";

export type FlagType = RouterInputs["flag"]["create"]["type"];
type NewVariant = NonNullable<RouterInputs["flag"]["create"]["variants"]>[number];

/** A variant as typed: the value is text until the flag is created. */
export interface VariantText {
  id: number;
  key: string;
  value: string;
}

/** Two variants to begin with, for types that cannot know theirs. */
export function firstVariants(type: FlagType): VariantText[] {
  const values = { boolean: ["true", "false"], string: ["", ""], number: ["", ""], json: ["{}", "{}"] }[type];
  const keys = type === "boolean" ? ["on", "off"] : ["treatment", "control"];
  return keys.map((key, at) => ({ id: at, key, value: values[at] ?? "" }));
}

/** "Free shipping!" → "free-shipping". */
export function keyFromName(name: string): string {
  const plain = name.normalize("NFKD").replaceAll(/[\u0300-\u036f]/g, "");
  return plain
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 80);
}

/** What is wrong with a key; undefined when it is good. */
export function keyProblem(key: string): string | undefined {
  if (key === "") return "Give it a key: code evaluates the flag by it";
  if (/^[a-z0-9][a-z0-9._-]{0,79}$/i.test(key)) return undefined;
  return "Letters, digits, dots, dashes and underscores, beginning with a letter or digit, at most 80";
}

/** Reads a variant's text as a value of the flag's type; a string when it cannot be. */
export function readValue(type: FlagType, text: string): { value: NewVariant["value"] } | { problem: string } {
  if (type === "string") return { value: text };
  if (type === "boolean") {
    return text === "true" || text === "false" ? { value: text === "true" } : { problem: "true or false" };
  }
  if (type === "number") {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    return Number.isFinite(value) ? { value } : { problem: "A number, like 3 or 0.5" };
  }
  try {
    return { value: JSON.parse(text) as NewVariant["value"] };
  } catch {
    return { problem: 'JSON, like {"colour": "blue"}' };
  }
}
