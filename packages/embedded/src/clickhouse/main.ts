import type { Server } from "node:http";
import { createEndpoint } from "./endpoint.ts";
import { Engine } from "./engine.ts";
import { type Answer, isStart, type StartMessage } from "./messages.ts";

/**
 * The process that owns the event store's folder: one process a folder is what the engine allows.
 * It is told what to open over IPC, and ends when its parent does.
 */
let engine: Engine | undefined;
let server: Server | undefined;
let isClosing = false;

async function open(start: StartMessage): Promise<void> {
  try {
    engine = Engine.open(start.folder, start.memoryBytes);
  } catch {
    return fail({ type: "closed" });
  }
  try {
    server = createEndpoint(engine, { user: start.user, password: start.password });
    const port = await listen(server, start);
    if (port === undefined) return fail({ type: "port-taken", port: start.port ?? 0 });
    answer({ type: "listening", port });
  } catch (error) {
    await fail({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

async function fail(message: Answer): Promise<void> {
  answer(message);
  process.exitCode = 1;
  await close();
}

async function listen(endpoint: Server, { port, fixed }: StartMessage): Promise<number | undefined> {
  for (const wanted of fixed || port === undefined ? [port ?? 0] : [port, 0]) {
    const given = await listenOn(endpoint, wanted);
    if (given !== undefined) return given;
  }
  return undefined;
}

function listenOn(endpoint: Server, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" || error.code === "EACCES" ? resolve(undefined) : reject(error);
    endpoint.once("error", onError);
    endpoint.listen(port, "127.0.0.1", () => {
      endpoint.off("error", onError);
      const address = endpoint.address();
      resolve(typeof address === "object" && address !== null ? address.port : undefined);
    });
  });
}

function answer(message: Answer): void {
  if (process.connected) process.send?.(message);
}

/** No new request, those at work to their end, then the engine. */
async function close(): Promise<void> {
  if (isClosing) return;
  isClosing = true;
  const closed = server?.listening ? new Promise((resolve) => server?.close(resolve)) : undefined;
  server?.closeIdleConnections();
  await closed;
  await engine?.close();
  process.exit();
}

process.once("message", (message) => void (isStart(message) ? open(message) : close()));
process.once("disconnect", () => void close());
process.once("SIGTERM", () => void close());
process.once("SIGINT", () => void close());
