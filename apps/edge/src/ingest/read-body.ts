import type { Readable } from "node:stream";
import type { Bodies, Hold } from "../admission/bodies.ts";

/** Why a body did not come: it is larger than it may be, it gave way to others, or its sender left. */
export type NoBody = "too-large" | "gave-way" | "cut";

/** A body and its hold on memory, to be released when nobody needs it any more. */
export interface Body {
  bytes: Uint8Array;
  hold: Hold;
}

/** The request's body, of at most `limit` bytes, read from Node's side of the request where there is one. */
export async function readBody(
  request: Request,
  limit: number,
  bodies: Bodies,
  incoming?: Readable,
): Promise<Body | NoBody> {
  const declared = request.headers.get("content-length");
  if (declared !== null && Number(declared) > limit) return "too-large";
  return incoming ? readIncoming(incoming, limit, bodies) : readStream(request, limit, bodies);
}

/** Events instead of an async iterator: half the time for a body of a few chunks. */
function readIncoming(incoming: Readable, limit: number, bodies: Bodies): Promise<Body | NoBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (result: Body | NoBody) => {
      incoming.off("data", onData).off("end", onEnd).off("close", onCut).off("error", onCut);
      if (typeof result === "string") hold.release();
      // What still comes of a refused body is thrown away as it comes.
      if (result === "too-large" || result === "gave-way") incoming.resume();
      resolve(result);
    };
    const hold = bodies.open(() => end("gave-way"));
    const onData = (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size > limit) return end("too-large");
      chunks.push(chunk);
      hold.add(chunk.byteLength);
    };
    const onEnd = () => {
      hold.complete();
      end({ bytes: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks), hold });
    };
    const onCut = () => end("cut");
    incoming.on("data", onData).on("end", onEnd).on("close", onCut).on("error", onCut);
  });
}

async function readStream(request: Request, limit: number, bodies: Bodies): Promise<Body | NoBody> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let gaveWay = false;
  const hold = bodies.open(() => {
    gaveWay = true;
  });
  if (request.body) {
    for await (const chunk of request.body) {
      size += chunk.byteLength;
      if (size > limit || gaveWay) {
        hold.release();
        return gaveWay ? "gave-way" : "too-large";
      }
      hold.add(chunk.byteLength);
      chunks.push(chunk);
    }
  }
  hold.complete();
  return { bytes: Buffer.concat(chunks), hold };
}
