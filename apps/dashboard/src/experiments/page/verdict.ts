import type { VerdictTone } from "@telltale/ui";
import type { ExperimentDetail, Snapshot } from "../../query/outputs.ts";

/** The verdict's two or three words and its colour. */
export function verdictHead(snapshot: Snapshot): { title: string; tone: VerdictTone } {
  switch (snapshot.verdict.code) {
    case "collecting":
      return { title: "Collecting", tone: "waiting" };
    case "keep-running":
      return { title: "Keep running", tone: "waiting" };
    case "health":
      return { title: "Do not decide yet", tone: "warn" };
    case "ship":
      return { title: `Ship ${winner(snapshot)}`, tone: "better" };
    case "worse":
      return { title: "Keep the control", tone: "worse" };
    case "no-difference":
      return { title: "No clear difference", tone: "neutral" };
    default: {
      const never: never = snapshot.verdict.code;
      return never;
    }
  }
}

/** The treatment that is better on the primary metric, with the highest rate. */
function winner(snapshot: Snapshot): string {
  const primary = snapshot.metrics.find(({ role }) => role === "primary");
  const better = (primary?.comparisons ?? []).filter(({ comparison }) => comparison.verdict === "better");
  const rate = ({ comparison }: (typeof better)[number]) => comparison.treatment.rate ?? 0;
  return better.toSorted((a, b) => rate(b) - rate(a))[0]?.variant ?? "it";
}

/** The verdict's sentence without the head that stands above it. */
export function verdictBody(snapshot: Snapshot): string {
  const { title } = verdictHead(snapshot);
  const { sentence } = snapshot.verdict;
  if (!sentence.toLowerCase().startsWith(`${title.toLowerCase()}: `)) return sentence;
  const body = sentence.slice(title.length + 2);
  if (snapshot.arms.some(({ variant }) => body.startsWith(variant))) return body;
  return body.charAt(0).toUpperCase() + body.slice(1);
}

/** What the page says before the first numbers. */
export function beforeData(experiment: Pick<ExperimentDetail, "status" | "environment">): string {
  if (experiment.status === "draft") return "It has not been started: nobody meets its variants yet.";
  if (experiment.status === "ended") return "It ended before anybody met its variants.";
  return `Waiting for the first people in ${experiment.environment}. They appear here within seconds of meeting a variant.`;
}
