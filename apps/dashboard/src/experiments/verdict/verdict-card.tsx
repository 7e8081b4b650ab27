import { VerdictBanner } from "@telltale/ui";
import type { ReactNode } from "react";
import type { Snapshot } from "../../query/outputs.ts";
import { daysLeftWords, verdictBody, verdictHead } from "./verdict.ts";

/** The verdict of the plan, with its reasons and what would change it. */
export function VerdictCard({ snapshot, aside }: { snapshot: Pick<Snapshot, "verdict" | "arms">; aside?: ReactNode }) {
  const { verdict } = snapshot;
  const days = daysLeftWords(verdict.daysLeft);
  return (
    <VerdictBanner
      {...verdictHead(verdict)}
      aside={aside}
      questions={[
        { label: "Why?", sentences: verdict.reasons },
        { label: "What would change this?", sentences: verdict.wouldChange },
      ]}
    >
      {verdictBody(snapshot)}
      {days ? <span className="font-medium"> {days}</span> : null}
    </VerdictBanner>
  );
}
