import { Badge, type Tone } from "@telltale/ui";
import type { ReleaseSummary } from "../query/outputs.ts";

const STATUSES: Record<ReleaseSummary["status"], { word: string; tone: Tone }> = {
  draft: { word: "Draft", tone: "neutral" },
  scheduled: { word: "Scheduled", tone: "accent" },
  running: { word: "Running", tone: "accent" },
  paused: { word: "Paused", tone: "warn" },
  baking: { word: "Baking", tone: "accent" },
  completed: { word: "Completed", tone: "neutral" },
  decommissioned: { word: "Finished", tone: "neutral" },
  rolling_back: { word: "Rolling back", tone: "warn" },
  rolled_back: { word: "Rolled back", tone: "neutral" },
  rollback_unverified: { word: "Rollback not verified", tone: "danger" },
  cancelled: { word: "Cancelled", tone: "neutral" },
};

/** A release's status in a word. */
export function statusWord({ status }: Pick<ReleaseSummary, "status">): string {
  return STATUSES[status].word;
}

/** Where a release stands. */
export function ReleaseStatusBadge({ status }: Pick<ReleaseSummary, "status">) {
  const { word, tone } = STATUSES[status];
  return <Badge tone={tone}>{word}</Badge>;
}
