import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { receiveBody } from "./body.ts";
import { sendRefusal } from "./refuse.ts";

/** Bodies of large requests that may be in memory at once. */
const WAITING_BYTES_MAX = 128 * 1024 ** 2;
/** How long the rest of a refused body is read, for the sender to see the answer. */
const LINGER_MS = 10_000;
const CONNECTIONS_MAX = 4_000;

export interface FrontOptions {
  /** Answers what is let through. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Bytes that the body of this request may have. */
  bodyLimit(request: IncomingMessage): number;
  /** Called with each request first: puts headers right, on both sides. */
  prepare(request: IncomingMessage, response: ServerResponse): void;
  /** Told of errors that nobody expected. */
  onError(error: unknown): void;
}

export interface Front {
  server: Server;
  /** Answers what is being asked, then ends; what takes longer than `limitMs` is cut. */
  stop(limitMs: number): Promise<void>;
}

/** The dashboard's HTTP server: every bound is kept here, before anything is parsed. */
export function createFront(options: FrontOptions): Front {
  const open = new Set<ServerResponse>();
  let isStopping = false;
  let waitingBytes = 0;

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    open.add(response);
    response.once("close", () => {
      open.delete(response);
      // A connection that has just become idle would be kept for its next request.
      if (isStopping) server.closeIdleConnections();
    });
    if (isStopping) response.setHeader("connection", "close");
    options.prepare(request, response);
    const limit = options.bodyLimit(request);
    const reserved = request.headers["transfer-encoding"] ? limit : Number(request.headers["content-length"] ?? 0);
    if (reserved <= limit && waitingBytes + reserved > WAITING_BYTES_MAX) {
      void receiveBody(request, 0);
      linger(request);
      return sendRefusal(response, 503, "Too much is being sent at once. Try again in a moment.");
    }
    waitingBytes += reserved;
    const arrival = await receiveBody(request, limit);
    waitingBytes -= reserved;
    if (arrival === "broken") return;
    if (arrival === "whole") return options.handle(request, response);
    linger(request);
    sendRefusal(response, 413, `This is too large: at most ${sizeWords(limit)} are taken here. Send less at once.`);
  };

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    serve(request, response).catch((error: unknown) => {
      options.onError(error);
      response.destroy();
    });
  };
  const server = createServer({ maxHeaderSize: 32 * 1024, keepAliveTimeout: 75_000 }, answer);
  server.headersTimeout = 10_000;
  server.requestTimeout = 60_000;
  server.maxConnections = CONNECTIONS_MAX;
  // Who asks before sending is told before anything is sent.
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    const fits = Number(request.headers["content-length"] ?? 0) <= options.bodyLimit(request);
    if (fits) response.writeContinue();
    else response.setHeader("connection", "close");
    answer(request, response);
  });

  return {
    server,
    stop: (limitMs) =>
      new Promise((resolve) => {
        isStopping = true;
        for (const response of open) if (!response.headersSent) response.setHeader("connection", "close");
        const cut = setTimeout(() => server.closeAllConnections(), limitMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function linger(request: IncomingMessage): void {
  const { socket } = request;
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  const done = () => clearTimeout(timer);
  request.once("end", done);
  socket.once("close", done);
  request.resume();
}

function sizeWords(bytes: number): string {
  return bytes >= 1024 ** 2 ? `${Math.floor(bytes / 1024 ** 2)} MB` : `${Math.floor(bytes / 1024)} kB`;
}
