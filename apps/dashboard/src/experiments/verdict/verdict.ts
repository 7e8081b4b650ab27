import type { VerdictTone } from "@telltale/ui";
import type { ExperimentDetail, Snapshot } from "../../query/outputs.ts";

type Verdict = Snapshot["verdict"];

/** The verdict's two or three words and its colour. */
export function verdictHead({ code, variant }: Pick<Verdict, "code" | "variant">): {
  title: string;
  tone: VerdictTone;
} {
  switch (code) {
    case "collecting":
      return { title: "Collecting", tone: "waiting" };
    case "keep_running":
      return { title: "Keep running", tone: "waiting" };
    case "ship":
      return { title: variant === null ? "Ship" : `Ship ${variant}`, tone: "better" };
    case "no_difference":
      return { title: "No difference that matters", tone: "neutral" };
    case "roll_back":
      return { title: variant === null ? "Roll back" : `Roll back ${variant}`, tone: "worse" };
    case "mixed":
      return { title: "Mixed", tone: "torn" };
    case "do_not_decide":
      return { title: "Do not decide yet", tone: "warn" };
    default: {
      const never: never = code;
      return never;
    }
  }
}

/** The verdict's sentence without the head that stands above it; a variant's name keeps its letters. */
export function verdictBody({ verdict, arms }: Pick<Snapshot, "verdict" | "arms">): string {
  const { title } = verdictHead(verdict);
  const { sentence } = verdict;
  if (!sentence.toLowerCase().startsWith(title.toLowerCase())) return sentence;
  const rest = /^[:.,]\s+(?<body>\S.*)$/s.exec(sentence.slice(title.length))?.groups?.body;
  if (!rest) return sentence;
  if (arms.some(({ variant }) => rest.startsWith(variant))) return rest;
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** "About 4 more days." and nothing where that cannot be told or nothing is waited for. */
export function daysLeftWords(daysLeft: number | null): string | undefined {
  if (daysLeft === null || daysLeft <= 0) return undefined;
  return `About ${daysLeft === 1 ? "one more day" : `${daysLeft} more days`} at the present pace.`;
}

/** What the page says before the first numbers. */
export function beforeData(experiment: Pick<ExperimentDetail, "status" | "environment">): string {
  if (experiment.status === "draft") return "It has not been started: nobody meets its variants yet.";
  if (experiment.status === "ended") return "It ended before anybody met its variants.";
  return `Waiting for the first people in ${experiment.environment}. They appear here within seconds of meeting a variant.`;
}
