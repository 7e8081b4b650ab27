import type { PublicError } from "@telltale/api";
import { TRPCClientError } from "@trpc/client";

/** What went wrong, for people. `OFFLINE` when no answer came at all. */
export interface Problem {
  code: PublicError["code"] | "OFFLINE";
  message: string;
  /** The parts of the input that were refused, where it was the input. */
  input?: PublicError["input"];
}

/** Reads any thrown thing. */
export function readProblem(error: unknown): Problem {
  if (error instanceof TRPCClientError) {
    const told = (error.data as { telltale?: PublicError } | null | undefined)?.telltale;
    if (told) return { code: told.code, message: told.message, ...(told.input ? { input: told.input } : {}) };
    return { code: "OFFLINE", message: "The dashboard's server did not answer. Check the connection, then try again." };
  }
  return { code: "INTERNAL", message: "Something unexpected happened. Reload the page; if it stays, tell an owner." };
}

/** Asking again may help: no answer came, or the server broke. */
export function mayRecover(error: unknown): boolean {
  const { code } = readProblem(error);
  return code === "OFFLINE" || code === "INTERNAL";
}
