import type { FlagDetail } from "../../query/outputs.ts";

const literal = (value: unknown) => JSON.stringify(value);

/** The safest default for a flag's call: what it serves while off. */
export function defaultValue(flag: Pick<FlagDetail, "variants">, off: string): unknown {
  return (flag.variants.find(({ key }) => key === off) ?? flag.variants.at(-1))?.value ?? null;
}

/** "summer-banner" → "summerBanner"; never begins with a digit. */
export function variableName(key: string): string {
  const name = key.replaceAll(/[^a-z0-9]+([a-z0-9])?/gi, (_, next: string | undefined) => (next ?? "").toUpperCase());
  return /^[a-z]/i.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : `flag${name}`;
}

/** A typed call in React. */
export function reactSnippet(key: string, fallback: unknown): string {
  return `import { useFlag } from "@telltale/react";

const ${variableName(key)} = useFlag(${literal(key)}, ${literal(fallback)});`;
}

/** A typed call anywhere else. */
export function sdkSnippet(key: string, fallback: unknown): string {
  return `const me = telltale.for({ targetingKey: user.id });
const ${variableName(key)} = me.value(${literal(key)}, ${literal(fallback)});`;
}
