import type { VerdictTone } from "@telltale/ui";
import type { ExperimentDetail, Snapshot } from "../../query/outputs.ts";
import { CHECKS } from "../health/health-list.ts";

type Verdict = Snapshot["verdict"];

/** Each verdict's colour, and its words where the sentence has no head of its own. */
const CODES: Record<Verdict["code"], { title: string; tone: VerdictTone }> = {
  collecting: { title: "Collecting", tone: "waiting" },
  keep_running: { title: "Keep running", tone: "waiting" },
  ship: { title: "Ship it", tone: "better" },
  no_difference: { title: "No difference", tone: "neutral" },
  too_small: { title: "Less than matters", tone: "torn" },
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

type Check = keyof typeof CHECKS;

/** Verdicts that send people to act on good news; a roll back is never held up. */
const ACTS = new Set<Verdict["code"]>(["ship", "no_difference", "too_small", "mixed"]);
/** Where nothing is known from before exposure, or nothing was planned, nothing will be. */
const NEVER_COME = new Set<Check>(["pre_period_difference", "power"]);

/**
 * The checks of health that a verdict has to wait for: while an experiment runs, none is acted on before its data were
 * looked at. An ended one has what it has.
 */
export function checksToWaitFor(
  code: Verdict["code"],
  status: ExperimentDetail["status"],
  pending: readonly Check[],
): Check[] {
  if (status !== "running" || !ACTS.has(code)) return [];
  return [...new Set(pending.filter((check) => !NEVER_COME.has(check)))];
}

/** The verdict while checks are waited for. */
export function pendingVerdict(checks: readonly Check[]) {
  const names = checks.map((check) => CHECKS[check]).join(", ");
  const body = `Too little has come in to check the data: ${names}. The verdict waits until that is done.`;
  return { title: "Verdict pending", tone: "waiting" as const, body };
}

/** What the page says before the first numbers. */
export function beforeData(
  experiment: Pick<ExperimentDetail, "status" | "environment"> & { state: Pick<ExperimentDetail["state"], "dataTo"> },
): string {
  if (experiment.status === "draft") return "It has not been started: nobody is exposed to its variants yet.";
  if (experiment.state.dataTo !== null) {
    return "An earlier version of Telltale computed the results. They are being computed again, which takes a moment.";
  }
  if (experiment.status === "ended") return "It ended before anybody was exposed to its variants.";
  return `Waiting for the first people in ${experiment.environment}. They appear here within seconds of meeting a variant.`;
}
