import { cx, formatCount, formatMoment, formatParts, WHOLE, writeDuration } from "@telltale/ui";
import { Check, CircleDot } from "lucide-react";
import type { ReactNode } from "react";
import type { ReleaseDetail } from "../../query/outputs.ts";

type Place = "done" | "now" | "next";

interface Stop {
  key: string;
  name: string;
  note: string;
  place: Place;
}

const WORDS: Record<Place, string> = { done: "done", now: "now", next: "next" };

/** The way of a release: what is behind it, where it is, and what comes. */
export function Rail({ release }: { release: ReleaseDetail }) {
  return (
    <ol className="flex gap-0 max-sm:flex-col sm:flex-wrap sm:gap-y-3" aria-label="Steps">
      {stopsOf(release).map((stop, at) => (
        <li
          key={stop.key}
          aria-current={stop.place === "now" ? "step" : undefined}
          className="flex min-w-0 items-start gap-2 max-sm:pb-3 sm:min-w-28 sm:flex-1 sm:flex-col"
        >
          <span className="flex items-center sm:w-full">
            <Mark place={stop.place} at={at + 1} />
            <span
              aria-hidden
              className={cx("mx-2 h-0.5 flex-1 max-sm:hidden", stop.place === "done" ? "bg-accent" : "bg-line")}
            />
          </span>
          <span className="min-w-0 pr-3">
            <span className={cx("block", stop.place === "now" ? "font-semibold" : "font-medium")}>
              {stop.name}{" "}
              {isEnded(release) ? null : <span className="font-normal text-muted text-sm">{WORDS[stop.place]}</span>}
            </span>
            <span className="block text-muted text-sm">{stop.note}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Nothing comes next: it was taken back, or never began. */
function isEnded({ status }: ReleaseDetail): boolean {
  return ["rolling_back", "rolled_back", "rollback_unverified", "cancelled"].includes(status);
}

function Mark({ place, at }: { place: Place; at: number }): ReactNode {
  const box = "flex size-6 shrink-0 items-center justify-center rounded-full border text-xs tabular-nums";
  if (place === "done") {
    return (
      <span aria-hidden className={cx(box, "border-accent bg-accent-soft text-accent")}>
        <Check className="size-3.5" />
      </span>
    );
  }
  if (place === "now") {
    return (
      <span aria-hidden className={cx(box, "border-accent text-accent")}>
        <CircleDot className="size-4" />
      </span>
    );
  }
  return (
    <span aria-hidden className={cx(box, "border-control text-muted")}>
      {at}
    </span>
  );
}

/** Every step of the plan, the bake, and the end; before the start none is done. */
function stopsOf(release: ReleaseDetail): Stop[] {
  const { plan, step, status } = release;
  const isOver = status === "completed" || status === "decommissioned";
  const placeOf = (at: number): Place => {
    if (isOver || at < step) return "done";
    return at === step && !isEnded(release) ? "now" : "next";
  };
  const steps = plan.steps.map((one, at): Stop => {
    const approval = one.isApprovalNeeded ? ", then an approval" : "";
    const note = `held ${writeDuration(one.holdSeconds)}${approval}`;
    return { key: String(at), name: formatParts(one.parts), note, place: placeOf(at) };
  });
  const all = formatParts(WHOLE - plan.holdbackParts);
  const held = plan.holdbackParts > 0 ? `, ${formatParts(plan.holdbackParts)} held back` : "";
  return [
    ...steps,
    {
      key: "bake",
      name: all,
      note: `baked ${writeDuration(plan.bakeSeconds)}${held}`,
      place: placeOf(plan.steps.length),
    },
    {
      key: "end",
      name: "Completed",
      note: `can be rolled back for ${writeDuration(plan.standbySeconds)}`,
      place: status === "completed" ? "now" : status === "decommissioned" ? "done" : "next",
    },
  ];
}

/** What it waits for, a sentence each. */
export function describeWaits({ waits, verbs }: Pick<ReleaseDetail, "waits" | "verbs">): string[] {
  return waits.map((wait) => {
    switch (wait.code) {
      case "time":
        return `It goes on at ${formatMoment(new Date(wait.until))}.`;
      case "approval":
        return verbs.includes("approve") ? "It waits for somebody to approve this step." : "It waits for an approval.";
      case "units":
        return `It waits for units: ${formatCount(wait.have)} of ${formatCount(wait.need)} were served the variant, as far as SDKs that watch have said.`;
      case "silence":
        return "No unit was observed with the variant since this step began: it waits until SDKs that watch report again.";
      case "evidence":
        return "It waits for the event store, which could not be read.";
      default:
        return `It waits for the end of a freeze, ${formatMoment(new Date(wait.until))}: ${wait.reason}`;
    }
  });
}
