import { type IncomingMessage, type Server, type ServerOptions, type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { bodyBytesMax } from "../limits.ts";

export interface ServerLimits {
  /** Open connections, idle ones included; more are closed as they come. */
  connections: number;
  /** From the first byte of a request, or the opening of a connection, to the end of its headers, milliseconds. */
  headersMs: number;
  /** From there to the end of its body. */
  bodyMs: number;
  /** A connection on which nothing moves, also one that does not read what it asked for. Streams have a heartbeat. */
  silenceMs: number;
}

export const SERVER_LIMITS: ServerLimits = {
  connections: 20_000,
  headersMs: 10_000,
  bodyMs: 20_000,
  silenceMs: 60_000,
};

const KEEP_ALIVE_MS = 75_000;
const HEADER_BYTES_MAX = 16_384;

/** Options for `createServer`: every phase of a request has an end. */
export function serverOptions({ headersMs, bodyMs }: ServerLimits): ServerOptions {
  return {
    headersTimeout: headersMs,
    requestTimeout: headersMs + bodyMs,
    // How often the two above are looked at.
    connectionsCheckingInterval: Math.min(1_000, headersMs),
    // Longer than balancers keep an idle connection, so that it is they who end it and no request meets a closed one.
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAlive: true,
    maxHeaderSize: HEADER_BYTES_MAX,
  };
}

/** What cannot be said when a server is made: connections, silence, bodies not to be sent, words for what is not HTTP. */
export function harden(
  server: Server,
  { connections, silenceMs }: ServerLimits,
  limits: Parameters<typeof bodyBytesMax>[1],
): void {
  server.maxConnections = connections;
  server.setTimeout(silenceMs);
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    // A body that will be refused for its length is refused before it is sent.
    const declared = Number(request.headers["content-length"] ?? 0);
    if (declared <= bodyBytesMax(request.url ?? "", limits)) response.writeContinue();
    server.emit("request", request, response);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => answerNonsense(error, socket));
}

const ANSWERS: Record<string, [status: number, detail: string]> = {
  HPE_HEADER_OVERFLOW: [431, `The headers may have at most ${HEADER_BYTES_MAX} bytes.`],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "The request took too long to arrive. Send it again."],
};

function answerNonsense(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, detail] = ANSWERS[error.code ?? ""] ?? [400, "This is not a valid HTTP/1.1 request."];
  const title = STATUS_CODES[status];
  const body = JSON.stringify({ type: "urn:telltale:problem:bad-request", title, status, detail });
  const head = `HTTP/1.1 ${status} ${title}\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: ${body.length}\r\n\r\n`;
  socket.end(head + body, () => socket.destroy());
}
