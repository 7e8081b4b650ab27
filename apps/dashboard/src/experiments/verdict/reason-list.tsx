/** A reason of a verdict: a sentence, or the rule that was met, what it asks for and the numbers that met it. */
export type VerdictReason = string | { rule: string; inputs: readonly ReasonInput[] };

interface ReasonInput {
  /** What the rule looks at: "Purchase, lift". */
  name: string;
  /** What was found: "+8.1 % (+2.0 % to +14.2 %)". */
  found: string;
  /** What the rule asks of it: "above 0 at 95 %". */
  asked?: string;
}

/** The reasons of a verdict, each once. */
export function ReasonList({ reasons }: { reasons: readonly VerdictReason[] }) {
  const once = new Map(reasons.map((reason) => [typeof reason === "string" ? reason : JSON.stringify(reason), reason]));
  return (
    <ul className="grid max-w-[72ch] list-disc gap-1 pl-4">
      {[...once].map(([key, reason]) => (
        <li key={key}>{typeof reason === "string" ? reason : <MetRule {...reason} />}</li>
      ))}
    </ul>
  );
}

function MetRule({ rule, inputs }: Exclude<VerdictReason, string>) {
  return (
    <>
      <span className="font-medium">{rule}</span>
      <dl className="mt-0.5 grid gap-x-3 sm:grid-cols-[auto_minmax(0,1fr)]">
        {inputs.map(({ name, found, asked }) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd>
              {found}
              {asked ? <span className="text-ink-2">, asked: {asked}</span> : null}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
