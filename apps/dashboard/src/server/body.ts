import type { IncomingMessage } from "node:http";

/** How a body arrived: whole, larger than allowed, or not to its end. */
export type Arrival = "whole" | "too-large" | "broken";

/**
 * Waits for a request's body before anybody reads it, and keeps at most `limitBytes` of it.
 * Call it in the same turn as the request arrives. A whole body is put back into the request, for its handler.
 * The rest of a body that is too large is read and thrown away, so that the sender reads the refusal and not a broken
 * connection; the caller bounds for how long.
 */
export function receiveBody(request: IncomingMessage, limitBytes: number): Promise<Arrival> {
  // What is said to come may be refused before any of it has arrived.
  const isRefused = Number(request.headers["content-length"] ?? 0) > limitBytes;
  const push = request.push.bind(request);
  let kept: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve) => {
    const refuse = () => {
      kept = [];
      resolve("too-large");
    };
    // Node's parser hands each piece of the body over by `push`, and null at its end.
    request.push = (chunk: Buffer | null): boolean => {
      if (chunk === null) {
        if (!isRefused && bytes <= limitBytes) for (const piece of kept) push(piece);
        resolve("whole");
        return push(null);
      }
      bytes += chunk.length;
      if (isRefused || bytes > limitBytes) refuse();
      else kept.push(chunk);
      return true;
    };
    request.once("close", () => resolve("broken"));
    if (isRefused) refuse();
  });
}
