import { VerdictBanner } from "@telltale/ui";
import type { ReactNode } from "react";
import type { ExperimentDetail, Snapshot } from "../../query/outputs.ts";
import { ReasonList, type VerdictReason } from "./reason-list.tsx";
import { checksToWaitFor, pendingVerdict, readVerdict } from "./verdict.ts";

interface VerdictCardProps {
  snapshot: Pick<Snapshot, "verdict" | "arms" | "health">;
  status: ExperimentDetail["status"];
  aside?: ReactNode;
}

/** The verdict of the plan, with its reasons and what would change it; pending while its data are being checked. */
export function VerdictCard({ snapshot, status, aside }: VerdictCardProps) {
  const { verdict, health } = snapshot;
  const pending = health.filter(({ state }) => state === "pending");
  const waitsFor = checksToWaitFor(
    verdict.code,
    status,
    pending.map(({ check }) => check),
  );
  const isPending = waitsFor.length > 0;
  const { title, tone, body } = isPending ? pendingVerdict(waitsFor) : readVerdict(snapshot);
  const why: readonly VerdictReason[] = isPending
    ? pending.flatMap(({ check, sentence }) => (waitsFor.includes(check) ? [sentence] : []))
    : verdict.reasons;
  return (
    <VerdictBanner
      title={title}
      tone={tone}
      aside={aside}
      questions={[
        ...question("Why?", why),
        ...question(
          "What would change this?",
          isPending ? ["The checks, once there is enough data for them."] : verdict.wouldChange,
        ),
      ]}
    >
      {body}
    </VerdictBanner>
  );
}

/** A question without an answer is not asked. */
function question(label: string, reasons: readonly VerdictReason[]) {
  return reasons.length === 0 ? [] : [{ label, answer: <ReasonList reasons={reasons} /> }];
}
