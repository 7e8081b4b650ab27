import { explore } from "./explore.ts";
import { programOf, Unvettable } from "./program.ts";

/** Characters of a slow text that are shown. */
const SHOWN = 40;

/**
 * Why a pattern must not be used, a sentence that says what to do; undefined for one whose work grows no faster than
 * the text, in every engine that goes back on its steps as JavaScript's do. Never lets one through that it is not sure of.
 * @param pattern a regular expression that the engine reads with flag `u`
 */
export function patternProblem(pattern: string): string | undefined {
  if (pattern === "") return "An empty pattern matches everything: give at least one character.";
  try {
    const finding = explore(programOf(pattern));
    if (finding === "undecided")
      return refusal(pattern, "has too many ways to match, and could not be shown to be fast");
    if ("steps" in finding) return undefined;
    const text = JSON.stringify([...finding.slow].slice(0, SHOWN).join(""));
    return `/${pattern}/ can take very long: on texts like ${text} it has more than 500 ways to go on. Begin it with ^ where it stands at the beginning, and write it without repetitions inside or beside repetitions of the same characters.`;
  } catch (cause) {
    if (cause instanceof Unvettable) return refusal(pattern, cause.message);
    // Groups in groups that no stack is high enough for.
    if (cause instanceof RangeError) return refusal(pattern, "has too many groups in groups");
    throw cause;
  }
}

function refusal(pattern: string, reason: string): string {
  return `/${pattern}/ ${reason}. Write it more simply.`;
}
