import { VerdictBanner } from "@telltale/ui";
import type { ReactNode } from "react";
import type { Snapshot } from "../../query/outputs.ts";
import { readVerdict } from "./verdict.ts";

/** The verdict of the plan, with its reasons and what would change it. */
export function VerdictCard({ snapshot, aside }: { snapshot: Pick<Snapshot, "verdict" | "arms">; aside?: ReactNode }) {
  const { title, tone, body } = readVerdict(snapshot);
  const { reasons, wouldChange } = snapshot.verdict;
  return (
    <VerdictBanner
      title={title}
      tone={tone}
      aside={aside}
      questions={[
        { label: "Why?", sentences: reasons },
        { label: "What would change this?", sentences: wouldChange },
      ]}
    >
      {body}
    </VerdictBanner>
  );
}
