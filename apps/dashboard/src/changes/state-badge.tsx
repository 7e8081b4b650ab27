import { Badge, type Tone } from "@telltale/ui";
import type { ChangeState } from "../query/outputs.ts";

const STATES: Record<ChangeState, { word: string; tone: Tone }> = {
  draft: { word: "Draft", tone: "neutral" },
  in_review: { word: "In review", tone: "accent" },
  approved: { word: "Approved", tone: "accent" },
  scheduled: { word: "Scheduled", tone: "accent" },
  applied: { word: "Applied", tone: "neutral" },
  declined: { word: "Declined", tone: "danger" },
  superseded: { word: "Withdrawn", tone: "neutral" },
  failed: { word: "Not applied", tone: "danger" },
};

/** Where a change-set stands. */
export function StateBadge({ state }: { state: ChangeState }) {
  const { word, tone } = STATES[state];
  return <Badge tone={tone}>{word}</Badge>;
}
