import type { Snapshot } from "../../query/outputs.ts";

/** A reason of a verdict: a sentence, or the rule, what it was applied to and what came of it. */
export type VerdictReason = string | Snapshot["verdict"]["reasons"][number];

/** The reasons of a verdict, each once. */
export function ReasonList({ reasons }: { reasons: readonly VerdictReason[] }) {
  const once = new Map(reasons.map((reason) => [typeof reason === "string" ? reason : reason.finding, reason]));
  return (
    <ul className="grid max-w-[72ch] list-disc gap-2 pl-4">
      {[...once].map(([key, reason]) => (
        <li key={key}>{typeof reason === "string" ? reason : <MetRule {...reason} />}</li>
      ))}
    </ul>
  );
}

function MetRule({ rule, inputs, finding }: Exclude<VerdictReason, string>) {
  return (
    <>
      <span>{finding}</span>
      <span className="block text-ink-2 text-sm">Rule: {rule}</span>
      {inputs.length > 0 ? (
        <dl className="mt-0.5 grid gap-x-3 text-sm sm:grid-cols-[auto_minmax(0,1fr)]">
          {inputs.map(({ name, value }) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </>
  );
}
