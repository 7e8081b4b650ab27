/** Everything the door can refuse with. One closed list; transports map it once. */
export type ControlErrorCode =
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "INVALID"
  | "CONFLICT"
  | "EXISTS"
  | "TOO_MANY"
  | "BUSY"
  | "POLICY";

/** A refusal meant for people: the message says what happened and what to do next. */
export class ControlError extends Error {
  override name = "ControlError";
  readonly code: ControlErrorCode;
  /** For CONFLICT: the newer state. For INVALID: the problems one by one. */
  readonly detail: unknown;

  constructor(code: ControlErrorCode, message: string, detail?: unknown) {
    super(message);
    this.code = code;
    this.detail = detail;
  }
}

/** What a CONFLICT carries: the revision that got there first. */
export interface NewerRevision {
  revision: number;
  config: unknown;
  sentence: string;
  actorName: string;
  at: Date;
}

/** Why a permission that is asked for is refused; null where it is given. @throws what else goes wrong */
export async function refusalOf(asked: Promise<void>): Promise<ControlError | null> {
  try {
    await asked;
    return null;
  } catch (error) {
    if (error instanceof ControlError && error.code === "FORBIDDEN") return error;
    throw error;
  }
}

export function notFound(what: string, key: string): ControlError {
  return new ControlError("NOT_FOUND", `There is no ${what} "${key}" here. Check the key, or look at the list.`);
}

/** Two made one of the same key at the same moment: each saw that it was free. */
export function taken(): ControlError {
  return new ControlError("EXISTS", "Somebody made one with that key just now. Choose another key, or look at theirs.");
}

export function invalid(problems: string[]): ControlError {
  return new ControlError("INVALID", problems.join(" "), { problems });
}

/** Others changed the same things for so long that this one never got its turn. Nothing was changed. */
export function busy(): ControlError {
  return new ControlError("BUSY", "Too many people change this at once, and yours had to wait too long. Try again.");
}
