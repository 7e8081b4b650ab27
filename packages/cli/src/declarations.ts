import { type Flag, flagTypeOf, type JsonValue, type Ruleset } from "@telltale/evaluator";

/**
 * The flags of an environment as a TypeScript declaration that fills the SDK's `Flags`: sorted, so that the same flags
 * give the same bytes. Archived flags are there and deprecated.
 */
export function declarationsOf(ruleset: Pick<Ruleset, "environment" | "flags">): string {
  const keys = Object.keys(ruleset.flags).sort();
  const lines = keys.map((key) => {
    const flag = ruleset.flags[key] as Flag;
    const note = flag.archived ? "    /** @deprecated This flag is archived: it answers the default. */\n" : "";
    return `${note}    ${JSON.stringify(key)}: ${typeOf(flag)};\n`;
  });
  return [
    "// Written by `telltale types`: do not change it by hand, run the command again.\n",
    'import "@telltale/sdk";\n',
    "\n",
    'declare module "@telltale/sdk" {\n',
    "  interface Flags {\n",
    ...lines,
    "  }\n",
    "}\n",
  ].join("");
}

/** Values as a union of literals; a default may be any of them. */
function typeOf(flag: Flag): string {
  if (flagTypeOf(flag) === "boolean") return "boolean";
  const values = [...new Set(Object.values(flag.variants).map(literalOf))].sort();
  return values.join(" | ");
}

function literalOf(value: JsonValue): string {
  if (Array.isArray(value)) return `readonly [${value.map(literalOf).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.keys(value)
    .sort()
    .map((name) => `readonly ${JSON.stringify(name)}: ${literalOf(value[name] as JsonValue)}`);
  return fields.length ? `{ ${fields.join("; ")} }` : "Record<string, never>";
}
