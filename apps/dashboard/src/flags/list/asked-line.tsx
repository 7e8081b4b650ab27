import { Time } from "@telltale/ui";

interface AskedLineProps {
  /** When it was last evaluated; null when never. */
  at: string | null;
  /** Whether that was in the environment. */
  here: boolean;
  environment: string;
}

/** When the flag was last evaluated, in muted text. */
export function AskedLine({ at, here, environment }: AskedLineProps) {
  return (
    <span className="block text-muted text-sm">
      {at === null ? (
        "never evaluated"
      ) : (
        <>
          evaluated <Time at={at} />
          {here ? "" : `, never in ${environment}`}
        </>
      )}
    </span>
  );
}
