import { fingerprintOf } from "./digest.ts";
import type { Condition } from "./ruleset.ts";

/** Gathers what the rules of a ruleset ask, each once. */
export interface Naming {
  /** The name under which rules ask for these conditions; "" for none, which matches everyone. */
  nameOf(when: readonly Condition[]): string;
  /** By name, sorted. */
  all(): Record<string, Condition[]>;
}

/** Names are made of what is asked, so that the same rules give the same document, whatever else is in it. */
export function createNaming(): Naming {
  const named = new Map<string, string>();
  return {
    nameOf(when) {
      if (!when.length) return "";
      const text = JSON.stringify(when);
      let name = fingerprintOf(text);
      while ((named.get(name) ?? text) !== text) name += "'";
      named.set(name, text);
      return name;
    },
    all: () => Object.fromEntries([...named].sort().map(([name, text]) => [name, JSON.parse(text)])),
  };
}
