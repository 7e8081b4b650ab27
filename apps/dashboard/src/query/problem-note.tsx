import type { Problem } from "./problem.ts";

/** Why something was refused: a sentence, or each refused part of what was typed, by its value and the reason. */
export function ProblemNote({ problem }: { problem: Problem }) {
  const { input, message } = problem;
  return (
    <div role="alert" className="rounded-md border border-danger bg-danger-soft px-3 py-2">
      {input ? <RefusedParts input={input} /> : <p className="break-words">{message}</p>}
    </div>
  );
}

function RefusedParts({ input: { parts, total } }: { input: NonNullable<Problem["input"]> }) {
  const untold = total - parts.length;
  return (
    <>
      <p className="font-medium">{total === 1 ? "This cannot be saved:" : `${total} things cannot be saved:`}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <ul tabIndex={0} aria-label="What cannot be saved" className="mt-1 max-h-48 overflow-auto">
        {parts.map(({ path, value, reason }) => (
          <li key={path.join(".")} className="py-0.5">
            {value ? <code className="mr-1.5 break-all font-mono text-sm">{value}</code> : null}
            {reason}
          </li>
        ))}
      </ul>
      {untold > 0 ? <p className="mt-1 text-sm">{untold} more will be shown once these are fixed.</p> : null}
    </>
  );
}
