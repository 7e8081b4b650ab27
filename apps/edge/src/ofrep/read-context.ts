import { isUtf8 } from "node:buffer";
import type { EvaluationContext } from "@telltale/evaluator";
import { isDeep, isObject } from "../ingest/text.ts";
import { DEPTH_MAX } from "../limits.ts";

/** Why a body is no context, in the protocol's words. */
export interface ContextError {
  errorCode: "PARSE_ERROR" | "INVALID_CONTEXT";
  errorDetails: string;
}

/** Reads the context out of a request's body; the protocol requires that it is there. */
export function readContext(bytes: Uint8Array): { context: EvaluationContext } | ContextError {
  if (!isUtf8(bytes)) return parseError("The body is not valid UTF-8. Encode the JSON as UTF-8.");
  if (isDeep(bytes, DEPTH_MAX))
    return invalidContext(`The body nests more than ${DEPTH_MAX} levels. Send a flatter context.`);
  let sent: unknown;
  try {
    sent = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch {
    return parseError('The body is no JSON. Send {"context": {"targetingKey": "…"}}.');
  }
  const context = isObject(sent) ? sent.context : undefined;
  if (isObject(context)) return { context };
  return invalidContext('The body must hold a context that is an object: {"context": {"targetingKey": "…"}}.');
}

const parseError = (errorDetails: string): ContextError => ({ errorCode: "PARSE_ERROR", errorDetails });
const invalidContext = (errorDetails: string): ContextError => ({ errorCode: "INVALID_CONTEXT", errorDetails });

/** The same text for the same context, whatever the order of its attributes. Only for what `readContext` has read. */
export function canonicalContext(context: EvaluationContext): string {
  return JSON.stringify(context, (_name, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
