/** The store gave up on an analysis: it took longer, or needed more memory, than it may. */
export class MomentsLimitError extends Error {
  override readonly name = "MomentsLimitError";
  readonly reason: "time" | "memory";

  constructor(reason: "time" | "memory", cause: unknown) {
    super(
      reason === "time"
        ? "The analysis took longer than it may. Run it alone with a longer limit, or ask for fewer metrics."
        : "The analysis needed more memory than the event store has. Run it alone, ask for fewer metrics, or give the store more.",
      { cause },
    );
    this.reason = reason;
  }
}

/** ClickHouse's TIMEOUT_EXCEEDED and TOO_SLOW, and MEMORY_LIMIT_EXCEEDED. */
const REASONS = new Map<string, MomentsLimitError["reason"]>([
  ["159", "time"],
  ["160", "time"],
  ["241", "memory"],
]);

/** An error of the store, typed where it is about a limit. */
export function limitError(error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = REASONS.get(code);
  return reason === undefined ? error : new MomentsLimitError(reason, error);
}
