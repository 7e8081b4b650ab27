import { Badge } from "@telltale/ui";
import type { ExperimentDetail } from "../query/outputs.ts";

const TONES = { draft: "neutral", running: "accent", ended: "neutral" } as const;
const WORDS = { draft: "Not started", running: "Running", ended: "Ended" };

/** Where an experiment stands. */
export function StatusBadge({ status }: { status: ExperimentDetail["status"] }) {
  return <Badge tone={TONES[status]}>{WORDS[status]}</Badge>;
}
