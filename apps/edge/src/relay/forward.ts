import { problem } from "../problem.ts";
import { NO_REDIRECT } from "./redirect.ts";

/** The upstream stores before it answers; one that takes longer is away, milliseconds. */
const ANSWER_LIMIT_MS = 30_000;

/** What travels on; the key too, since the upstream knows it as well as this edge does. */
const HEADERS = ["authorization", "x-api-key", "content-type", "content-encoding", "origin", "x-request-id"];

/**
 * POST /v1/events at a relay without an event store: the batch goes to the upstream as it came, and the upstream's
 * answer comes back, so that an accepted event is a stored event here too.
 */
export async function forwardEvents(request: Request, upstreamUrl: string, bodyBytesMax: number): Promise<Response> {
  const body = await readBytes(request, bodyBytesMax);
  if (body === "too-large") {
    return problem("too-large", `A body may have at most ${bodyBytesMax} bytes. Send smaller batches.`);
  }
  const headers = new Headers();
  for (const name of HEADERS) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  try {
    const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
    const url = new URL("/v1/events", upstreamUrl);
    const answer = await fetch(url, { method: "POST", headers, body, signal, redirect: NO_REDIRECT });
    if (answer.status >= 300 && answer.status < 400) throw new Error(`it redirects (${answer.status})`);
    const passed = new Headers({ "cache-control": "no-store" });
    for (const name of ["content-type", "retry-after"]) {
      const value = answer.headers.get(name);
      if (value !== null) passed.set(name, value);
    }
    return new Response(await answer.arrayBuffer(), { status: answer.status, headers: passed });
  } catch {
    const detail = "The upstream edge does not answer; nothing of this batch counts as accepted. Send it again.";
    return problem("store-away", detail, { "retry-after": "2" });
  }
}

/** The body as it came; never holds more than `limit` bytes of it. */
async function readBytes(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer> | "too-large"> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) return "too-large";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > limit) return "too-large";
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
