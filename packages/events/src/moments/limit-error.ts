/**
 * Why the store gave up: the question takes longer, or more memory, than it may; or the store is `crowded`, since others
 * have what this question would need.
 */
export type LimitReason = "time" | "memory" | "crowded";

const MESSAGES: Record<LimitReason, string> = {
  time: "The analysis took longer than it may. Run it alone with a longer limit, or ask for fewer metrics.",
  memory: "The analysis needed more memory than it may have. Ask for fewer metrics, or give the event store more.",
  crowded: "The event store is busy with other questions. Ask again later, or give it more memory.",
};

/** The store gave up on an analysis. */
export class MomentsLimitError extends Error {
  override readonly name = "MomentsLimitError";
  readonly reason: LimitReason;

  constructor(reason: LimitReason, cause: unknown) {
    super(MESSAGES[reason], { cause });
    this.reason = reason;
  }
}

/** ClickHouse's TIMEOUT_EXCEEDED and TOO_SLOW, MEMORY_LIMIT_EXCEEDED, and TOO_MANY_SIMULTANEOUS_QUERIES. */
const REASONS = new Map<string, LimitReason>([
  ["159", "time"],
  ["160", "time"],
  ["241", "memory"],
  ["202", "crowded"],
]);

/** An error of the store, typed where it is about a limit. */
export function limitError(error: unknown): unknown {
  if (!(error instanceof Error && "code" in error)) return error;
  const reason = REASONS.get(String(error.code));
  if (reason === undefined) return error;
  // The same code tells of a question's own limit and of the limit of all together.
  const isOfAll = reason === "memory" && /\(total\)/.test(error.message);
  return new MomentsLimitError(isOfAll ? "crowded" : reason, error);
}
