import { Time } from "@telltale/ui";

interface AskedLineProps {
  /** When it was asked for last; null when never. */
  at: string | null;
  /** Whether that was in the environment. */
  here: boolean;
  environment: string;
}

/** Quietly, when anybody asked for the flag. */
export function AskedLine({ at, here, environment }: AskedLineProps) {
  return (
    <span className="block text-muted text-sm">
      {at === null ? (
        "never asked"
      ) : (
        <>
          asked <Time at={at} />
          {here ? "" : `, never in ${environment}`}
        </>
      )}
    </span>
  );
}
