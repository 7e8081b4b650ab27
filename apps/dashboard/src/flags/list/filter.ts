import type { FlagSummary } from "../../query/outputs.ts";

/** Flags that hold every word somewhere in key, name or description. */
export function filterFlags(flags: readonly FlagSummary[], query: string): FlagSummary[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return flags.filter((flag) => {
    const text = `${flag.key} ${flag.name} ${flag.description} ${flag.type}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
