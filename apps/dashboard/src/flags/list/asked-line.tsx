import { Time } from "@telltale/ui";
import { type Asked, lastAsked } from "./asked.ts";

/** Quietly, when anybody asked for the flag in an environment. */
export function AskedLine({ asked, environment }: { asked: Asked | undefined; environment: string }) {
  const last = lastAsked(asked, environment);
  return (
    <span className="block text-muted text-sm">
      {last ? (
        <>
          asked <Time at={last.at} />
          {last.here ? "" : `, never in ${environment}`}
        </>
      ) : (
        "never asked"
      )}
    </span>
  );
}
