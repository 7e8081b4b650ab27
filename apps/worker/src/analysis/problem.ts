import { MomentsLimitError } from "@telltale/events";

/** Codes of a connection that was not made, or was lost. */
const AWAY = new Set(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EPIPE", "EHOSTUNREACH"]);

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

/** Why an analysis failed and what to do: for people who read results. */
export function problemOf(error: unknown, limitSeconds: number): string {
  if (error instanceof MomentsLimitError) {
    return error.reason === "time"
      ? `The event store needs more than ${words(limitSeconds)} for this experiment. Give it more cores, or measure fewer metrics.`
      : "The event store has too little memory for this experiment. Give it more, or measure fewer metrics with caps and quantiles.";
  }
  if (AWAY.has(String(codeOf(error)))) {
    return "The event store does not answer. The results stay as they were, and the analysis is tried again by itself.";
  }
  return "The analysis broke on our side. The results stay as they were, and it is tried again by itself; the worker's log says why.";
}

function words(seconds: number): string {
  return seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
}
