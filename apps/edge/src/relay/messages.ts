import { createHash } from "node:crypto";
import type { Catalogue, CurrentRuleset } from "@telltale/ruleset/read";
import { z } from "zod";
import { keyEntries, rulesetEntry } from "../snapshot/format.ts";

/** What an edge tells another, one JSON document a line: all of it first, then what changes. */
export const message = z.discriminatedUnion("type", [
  z.object({ type: z.literal("keys"), keys: keyEntries }),
  z.object({ type: z.literal("ruleset"), ruleset: rulesetEntry }),
  z.object({
    type: z.literal("state"),
    /** Whether the sender holds the newest, and up to which moment it knows that. */
    healthy: z.boolean(),
    asOf: z.number(),
    /** Digest of the line of keys. */
    keys: z.string(),
    /** Entity tag of every ruleset by its name: what is not here is gone. */
    rulesets: z.record(z.string(), z.string()),
  }),
]);

export type Message = z.infer<typeof message>;

const keyLines = new WeakMap<Catalogue["keys"], Buffer>();
const rulesetLines = new WeakMap<CurrentRuleset, Buffer>();

/** All keys, by hash; made once for all listeners. */
export function keysLine(keys: Catalogue["keys"]): Buffer {
  return once(keyLines, keys, () => line({ type: "keys", keys: [...keys] }));
}

/** One ruleset; made once for all listeners. */
export function rulesetLine(ruleset: CurrentRuleset): Buffer {
  return once(rulesetLines, ruleset, () => line({ type: "ruleset", ruleset }));
}

/** What must hold at the other end after everything before it was read. */
export function stateLine({ keys, rulesets }: Catalogue, healthy: boolean, asOf: number): Buffer {
  const tags = Object.fromEntries([...rulesets].map(([name, { etag }]) => [name, etag]));
  return line({ type: "state", healthy, asOf, keys: digestOfLine(keysLine(keys)), rulesets: tags });
}

/** Digest of a line, its end left out. */
export function digestOfLine(text: Buffer | string): string {
  const bytes = typeof text === "string" ? text : text.subarray(0, -1);
  return createHash("sha256").update(bytes).digest("hex");
}

function line(content: Message): Buffer {
  return Buffer.from(`${JSON.stringify(content)}\n`);
}

function once<K extends object>(made: WeakMap<K, Buffer>, key: K, make: () => Buffer): Buffer {
  const known = made.get(key);
  if (known) return known;
  const fresh = make();
  made.set(key, fresh);
  return fresh;
}
