import { cx } from "../class-names.ts";

export interface ChangeItem {
  kind: "added" | "removed" | "changed" | "moved";
  /** What it is about: "Everyone else", "Rule 2". */
  subject: string;
  before?: string;
  after?: string;
}

const MARKS = { added: "+", removed: "−", changed: "~", moved: "↕" };
const WORDS = { added: "added", removed: "removed", changed: "changed", moved: "moved" };

/** What differs, a line a change: sign and word, old struck through, new in bold. */
export function ChangeList({ changes, label }: { changes: readonly ChangeItem[]; label: string }) {
  return (
    <ul aria-label={label} className="divide-y divide-line rounded-md border border-line bg-surface">
      {changes.map((change) => (
        <li key={`${change.kind} ${change.subject}`} className="flex gap-3 px-3 py-2">
          <span aria-hidden className="w-3 shrink-0 text-center font-mono text-muted">
            {MARKS[change.kind]}
          </span>
          <span className="min-w-0 break-words">
            <span className="font-medium">{change.subject}</span>{" "}
            <span className={cx(change.before && change.after ? "sr-only" : "text-ink-2")}>{WORDS[change.kind]}</span>
            {change.before ? (
              <span className="block text-muted">
                <span className="sr-only">before: </span>
                <del>{change.before}</del>
              </span>
            ) : null}
            {change.after ? (
              <span className="block">
                <span className="sr-only">after: </span>
                <ins className="font-medium no-underline">{change.after}</ins>
              </span>
            ) : null}
          </span>
        </li>
      ))}
    </ul>
  );
}
