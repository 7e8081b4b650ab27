import { ControlError, type ControlErrorCode } from "@telltale/control";
import { TRPCError } from "@trpc/server";

/** Every code an answer can carry, with what it becomes in tRPC (and so in HTTP). The one table. */
const transport = {
  UNAUTHENTICATED: "UNAUTHORIZED",
  FORBIDDEN: "FORBIDDEN",
  NOT_FOUND: "NOT_FOUND",
  INVALID: "BAD_REQUEST",
  EXISTS: "CONFLICT",
  CONFLICT: "CONFLICT",
  TOO_MANY: "TOO_MANY_REQUESTS",
  BUSY: "SERVICE_UNAVAILABLE",
  POLICY: "PRECONDITION_FAILED",
  INTERNAL: "INTERNAL_SERVER_ERROR",
} as const satisfies Record<ControlErrorCode | "UNAUTHENTICATED" | "INTERNAL", TRPCError["code"]>;

export type ApiErrorCode = keyof typeof transport;

/** What `error.data.telltale` holds on the client. */
export interface PublicError {
  code: ApiErrorCode;
  message: string;
  detail?: unknown;
  /** What is wrong with an input, part by part, where it was the input that was refused. */
  input?: InputProblems;
}

/** The parts of an input that were refused. */
export interface InputProblems {
  /** How many there are. */
  total: number;
  /**
   * The first thousands of them: where (`["definition", "included", 201]`), the begin of the text that stands there, and
   * in a sentence why it cannot be taken.
   */
  parts: { path: (string | number)[]; value?: string; reason: string }[];
}

/** An input may hold 100,000 wrong rows; after these are fixed, the others are shown. */
const MOST_PARTS = 2_000;
const MOST_TOLD = 5;
/** How many characters of a refused text the message quotes. */
const MOST_WRITTEN = 80;

/** Turns whatever a procedure threw into what tRPC transports, keeping the cause. */
export function toTransport(error: ControlError): TRPCError {
  return new TRPCError({ code: transport[error.code], message: error.message, cause: error });
}

/** The public side of an error: refusals as they are, anything unexpected without its insides. */
export function toPublic(error: TRPCError, input?: unknown): PublicError {
  if (error.cause instanceof ControlError) {
    const { code, message, detail } = error.cause;
    return { code, message, ...(detail === undefined ? {} : { detail }) };
  }
  if (error.code === "UNAUTHORIZED") return { code: "UNAUTHENTICATED", message: error.message };
  if (error.code === "NOT_FOUND") return { code: "NOT_FOUND", message: error.message };
  if (error.code === "BAD_REQUEST") return readInvalid(error, input);
  return {
    code: "INTERNAL",
    message: "Something broke on our side; nothing was changed. Try again, and look at the dashboard's log.",
  };
}

interface Issue {
  path?: readonly PropertyKey[];
  message?: string;
}

function readInvalid(error: TRPCError, input: unknown): PublicError {
  const found: unknown = typeof error.cause === "object" && "issues" in error.cause ? error.cause.issues : undefined;
  if (!Array.isArray(found)) return { code: "INVALID", message: error.message };
  const issues: Issue[] = found;
  const parts = issues.slice(0, MOST_PARTS).map(({ path = [], message = "It cannot be taken." }) => ({
    path: path.map((step) => (typeof step === "number" ? step : String(step))),
    ...writtenAt(input, path),
    reason: message,
  }));
  const told = parts.slice(0, MOST_TOLD).map(({ path, reason }) => `${path.join(".") || "input"}: ${reason}`);
  const others = issues.length - told.length;
  const message = [...told, ...(others > 0 ? [`And ${others} more.`] : [])].join(" ");
  return { code: "INVALID", message, input: { total: issues.length, parts } };
}

/** The begin of the text at a path of the input; nothing where there is none. */
function writtenAt(input: unknown, path: readonly PropertyKey[]): { value?: string } {
  let at = input;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return {};
    at = Reflect.get(at, step);
  }
  if (typeof at !== "string") return {};
  return { value: at.length > MOST_WRITTEN ? `${at.slice(0, MOST_WRITTEN)}…` : at };
}
