import { MomentsLimitError } from "@telltale/events";

/** Codes of a connection that was not made, or was lost. */
const AWAY_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EPIPE",
  "EHOSTUNREACH",
]);

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

/** Why nothing is analysed while the event store is away: for people who read results. */
export const AWAY =
  "The event store does not answer, so nothing new is counted. The results stay as they were, and go on by themselves when it is back.";

/** Why a breakdown says nothing. */
export function unseenAttribute(attribute: string): string {
  return `No exposure of this experiment carries "${attribute}". Name it in the SDK's option exposureAttributes, or choose another attribute.`;
}

/** Why an analysis failed and what to do: for people who read results. */
export function problemOf(error: unknown, limitSeconds: number): string {
  if (error instanceof MomentsLimitError) return problemOfLimit(error.reason, limitSeconds);
  if (AWAY_CODES.has(String(codeOf(error)))) {
    return "The event store did not answer. The results stay as they were, and the analysis is tried again by itself.";
  }
  return "The analysis broke on our side. The results stay as they were, and it is tried again by itself; the worker's log says why.";
}

function problemOfLimit(reason: MomentsLimitError["reason"], limitSeconds: number): string {
  switch (reason) {
    case "time":
      return `The event store needs more than ${words(limitSeconds)} for this experiment. Give it more cores, or measure fewer metrics.`;
    case "memory":
      return "The event store has too little memory for this experiment. Give it more, or measure fewer metrics, above all of those with many steps, caps or quantiles.";
    case "crowded":
      return "The event store was busy with other questions. The results stay as they were, and the analysis is tried again by itself; if it stays so, give the store more memory.";
    default: {
      const never: never = reason;
      return never;
    }
  }
}

function words(seconds: number): string {
  return seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
}
