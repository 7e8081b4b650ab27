/** One line of a change, for people: of a review, a history, a notice. */
export interface ConfigurationChange {
  kind: "added" | "removed" | "changed" | "moved";
  /** What it is about: "Everyone else", "Rule 2". */
  subject: string;
  /** Absent where it was added. */
  before?: string;
  /** Absent where it was removed. */
  after?: string;
}

/** What every save answers that changes nothing; it writes nothing either. */
export const NOTHING_CHANGED = "Nothing changed.";

/** From one to the other. Long lists are cut in words, so that two values can differ which read the same. */
export function changedFrom(subject: string, before: string, after: string): ConfigurationChange {
  return { kind: "changed", subject, before, after: before === after ? `${after}, with other values` : after };
}

/** Changes as one sentence: "Turned on; rule 1 added: country is DE → on." Each has the words of its line. */
export function describeChanges(changes: readonly ConfigurationChange[]): string {
  if (changes.length === 0) return NOTHING_CHANGED;
  const sentence = changes.map(phraseOf).join("; ");
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function phraseOf({ kind, subject, before = "", after = "" }: ConfigurationChange): string {
  const name = `${subject.charAt(0).toLowerCase()}${subject.slice(1)}`;
  switch (kind) {
    case "added":
      return `${name} added: ${after}`;
    case "removed":
      return `${name} removed (${before})`;
    case "moved":
      return `${name} moved to ${after}`;
    case "changed":
      if (name === "switch") return `turned ${after}`;
      // A rule's words have an arrow of their own.
      return before.includes("→") ? `${name}: ${before}, now ${after}` : `${name}: ${before} → ${after}`;
    default: {
      const never: never = kind;
      return never;
    }
  }
}

const TEXT_SHOWN = 60;

/** A text that people wrote, in quotes and not all of it. */
export function quoted(text: string): string {
  return `"${text.length > TEXT_SHOWN ? `${text.slice(0, TEXT_SHOWN)}…` : text}"`;
}

/** "a, b, c and 9,997 more". */
export function describeIds(ids: readonly string[]): string {
  const shown = ids.slice(0, 3).join(", ");
  return ids.length > 3 ? `${shown} and ${(ids.length - 3).toLocaleString("en")} more` : shown;
}
