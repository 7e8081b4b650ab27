import { eightDigits } from "./hash.ts";
import type { Ruleset } from "./ruleset.ts";

/** How a document's text begins, up to what its digest covers: `{"digest":"01234567",`. */
const COVERED = '{"digest":"01234567",'.length;

/** FNV-1a, 32 bits, over a text's UTF-16 units from `start` on, in hexadecimal. */
export function fingerprintOf(text: string, start = 0): string {
  let hash = 0x811c9dc5;
  for (let i = start; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return eightDigits(hash >>> 0);
}

/**
 * Whether a ruleset's text is as it was published, and not cut off or put together wrongly. Against accidents only: who
 * can change a text can change its digest.
 */
export function isIntact(text: string): boolean {
  return text.startsWith(`{"digest":"${fingerprintOf(text, COVERED)}",`);
}

/** The text that is published of a ruleset, and its digest, by one serialisation. */
export function sealedText(content: Omit<Ruleset, "digest">): { digest: string; text: string } {
  const text = JSON.stringify({ digest: "01234567", ...content });
  const digest = fingerprintOf(text, COVERED);
  return { digest, text: `{"digest":"${digest}",${text.slice(COVERED)}` };
}

/** The ruleset with its digest, as its first member. `JSON.stringify` of it is the text that is published. */
export function sealed(ruleset: Omit<Ruleset, "digest"> & { digest?: string }): Ruleset {
  const { digest, ...content } = ruleset;
  return { digest: sealedText(content).digest, ...content };
}
