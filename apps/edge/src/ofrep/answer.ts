import { createHash } from "node:crypto";
import type { EvaluationContext } from "@telltale/evaluator";
import { subjectOf } from "@telltale/evaluator";
import type { CurrentRuleset, KeyInfo } from "@telltale/ruleset/read";
import type { Admission } from "../admission/admission.ts";
import { Bodies } from "../admission/bodies.ts";
import { readBody } from "../ingest/read-body.ts";
import { CONTEXT_BYTES_MAX } from "../limits.ts";
import { problem } from "../problem.ts";
import type { RulesetSource } from "../rulesets/get-ruleset.ts";
import { matchesEtag } from "../rulesets/negotiate.ts";
import { answersOf, type Decidable, decidableOf, evaluateFlag } from "./evaluate.ts";
import { canonical, readContext } from "./read-context.ts";

/** What OFREP's answers are made of: rulesets, and turns on the event loop, which no request has to itself. */
export interface OfrepOptions {
  source: RulesetSource;
  admission: Pick<Admission, "turns" | "busy">;
}

/**
 * POST /ofrep/v1/evaluate/flags/{key}: one flag for the context in the body.
 * Errors of an evaluation carry the flag's key and OpenFeature's code, as clients report them by it.
 */
export async function answerFlag(
  request: Request,
  key: KeyInfo,
  flag: string,
  options: OfrepOptions,
): Promise<Response> {
  return inTurn(request, options, (bytes) => {
    const asked = readQuestion(bytes, key, options.source, flag);
    if (asked instanceof Response) return asked;
    const answer = evaluateFlag(asked.decidable, key.audience, flag, subjectOf(asked.context));
    if (!("errorCode" in answer)) return json(answer, 200);
    return json(answer, answer.errorCode === "FLAG_NOT_FOUND" ? 404 : 400);
  });
}

/**
 * POST /ofrep/v1/evaluate/flags: all flags for the context in the body. The entity tag stands for the context as well
 * as the ruleset: web providers keep it as long as the targeting key stays, whatever else in the context changes.
 */
export async function answerAll(request: Request, key: KeyInfo, options: OfrepOptions): Promise<Response> {
  const asked = await inTurn(request, options, (bytes) => {
    const question = readQuestion(bytes, key, options.source);
    if (question instanceof Response) return question;
    const { ruleset, context } = question;
    const digest = createHash("sha256").update(key.audience).update(ruleset.etag).update(canonical(context));
    const headers = { etag: `"${digest.digest("base64url")}"` };
    if (!matchesEtag(request.headers.get("if-none-match"), headers.etag)) return { ...question, headers };
    return new Response(null, { status: 304, headers });
  });
  if (asked instanceof Response) return asked;
  const { ruleset, decidable, context, headers } = asked;
  const { turns, busy } = options.admission;
  const texts = await turns.runAll(textsOf(decidable, key, context));
  if (texts === "full") return busy("turns");
  return json(`{"flags":[${texts.join()}],"metadata":{"version":${ruleset.version}}}`, 200, headers);
}

function* textsOf(decidable: Decidable, key: KeyInfo, context: EvaluationContext): Generator<string, void> {
  for (const answer of answersOf(decidable, key.audience, context)) yield JSON.stringify(answer);
}

/** Contexts under way, all requests together. */
const contexts = new Bodies(256 * CONTEXT_BYTES_MAX);

/** Reads the body, and does the work with it when its turn comes. */
async function inTurn<T>(
  request: Request,
  { admission }: OfrepOptions,
  work: (bytes: Uint8Array) => T,
): Promise<T | Response> {
  const body = await readBody(request, CONTEXT_BYTES_MAX, contexts);
  if (body === "too-large") {
    const detail = `A context may have ${CONTEXT_BYTES_MAX} bytes. Send only attributes that rules ask for.`;
    return problem("too-large", detail);
  }
  if (typeof body === "string") return problem("busy", "Too many contexts are under way. Send the request again.");
  try {
    const turn = admission.turns.run(() => work(body.bytes));
    return turn === "full" ? admission.busy("turns") : await turn;
  } finally {
    body.hold.release();
  }
}

interface Question {
  ruleset: CurrentRuleset;
  decidable: Decidable;
  context: EvaluationContext;
}

function readQuestion(bytes: Uint8Array, key: KeyInfo, source: RulesetSource, flag?: string): Question | Response {
  const read = readContext(bytes);
  if ("errorCode" in read) return json({ ...(flag !== undefined && { key: flag }), ...read }, 400);
  // The server's, for client keys too: rules of flags that the edge evaluates for clients are in no other.
  const ruleset = source.current(key.environmentId, "server");
  if (!ruleset) return problem("no-ruleset", "Nothing was published in this environment yet.", { "retry-after": "5" });
  const decidable = decidableOf(ruleset);
  if (!decidable) return problem("internal", "This edge is too old for the environment's ruleset. Update it.");
  return { ruleset, decidable, context: read.context };
}

/** @param body a text that is JSON already, or what becomes one */
function json(body: string | object, status: number, headers: Record<string, string> = {}): Response {
  return new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
  });
}
