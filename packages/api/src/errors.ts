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
  INTERNAL: "INTERNAL_SERVER_ERROR",
} as const satisfies Record<ControlErrorCode | "UNAUTHENTICATED" | "INTERNAL", TRPCError["code"]>;

export type ErrorCode = keyof typeof transport;

/** What `error.data.telltale` holds on the client. */
export interface PublicError {
  code: ErrorCode;
  message: string;
  detail?: unknown;
}

/** Turns whatever a procedure threw into what tRPC transports, keeping the cause. */
export function toTransport(error: ControlError): TRPCError {
  return new TRPCError({ code: transport[error.code], message: error.message, cause: error });
}

/** The public side of an error: refusals as they are, anything unexpected without its insides. */
export function toPublic(error: TRPCError): PublicError {
  if (error.cause instanceof ControlError) {
    const { code, message, detail } = error.cause;
    return { code, message, ...(detail === undefined ? {} : { detail }) };
  }
  if (error.code === "UNAUTHORIZED") return { code: "UNAUTHENTICATED", message: error.message };
  if (error.code === "NOT_FOUND") return { code: "NOT_FOUND", message: error.message };
  if (error.code === "BAD_REQUEST") return { code: "INVALID", message: readInputProblems(error) };
  return {
    code: "INTERNAL",
    message: "Something broke on our side; nothing was changed. Try again, and look at the dashboard's log.",
  };
}

function readInputProblems(error: TRPCError): string {
  const issues = typeof error.cause === "object" && "issues" in error.cause ? error.cause.issues : undefined;
  if (!Array.isArray(issues)) return error.message;
  return issues
    .slice(0, 5)
    .map(
      (issue: { path?: unknown[]; message?: string }) => `${(issue.path ?? []).join(".") || "input"}: ${issue.message}`,
    )
    .join(" ");
}
