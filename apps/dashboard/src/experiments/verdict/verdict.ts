import type { VerdictTone } from "@telltale/ui";
import type { ExperimentDetail, Snapshot } from "../../query/outputs.ts";

type Verdict = Snapshot["verdict"];

/** Each verdict's colour, and its words where the sentence has no head of its own. */
const CODES: Record<Verdict["code"], { title: string; tone: VerdictTone }> = {
  collecting: { title: "Collecting", tone: "waiting" },
  keep_running: { title: "Keep running", tone: "waiting" },
  ship: { title: "Ship it", tone: "better" },
  no_difference: { title: "No difference", tone: "neutral" },
  roll_back: { title: "Roll back", tone: "worse" },
  mixed: { title: "Mixed", tone: "torn" },
  do_not_decide: { title: "Do not decide yet", tone: "warn" },
};

interface ToldVerdict {
  verdict: Pick<Verdict, "code" | "sentence">;
  arms: readonly { variant: string }[];
}

/**
 * A verdict as people read it. Its sentence's first words, up to the colon, are the title ("Ship promise: …"); in
 * the body a variant's name keeps its letters.
 */
export function readVerdict({ verdict, arms }: ToldVerdict) {
  const { title, tone } = CODES[verdict.code];
  const { head, rest } = /^(?<head>[^:.]{1,60}): (?<rest>\S.*)$/s.exec(verdict.sentence)?.groups ?? {};
  if (!head || !rest) return { title, tone, body: verdict.sentence };
  const isName = arms.some(({ variant }) => rest.startsWith(variant));
  return { title: head, tone, body: isName ? rest : rest.charAt(0).toUpperCase() + rest.slice(1) };
}

/** What the page says before the first numbers. */
export function beforeData(
  experiment: Pick<ExperimentDetail, "status" | "environment"> & { state: Pick<ExperimentDetail["state"], "dataTo"> },
): string {
  if (experiment.status === "draft") return "It has not been started: nobody meets its variants yet.";
  if (experiment.state.dataTo !== null) {
    return "An earlier version of Telltale computed the results. They are being computed again, which takes a moment.";
  }
  if (experiment.status === "ended") return "It ended before anybody met its variants.";
  return `Waiting for the first people in ${experiment.environment}. They appear here within seconds of meeting a variant.`;
}
