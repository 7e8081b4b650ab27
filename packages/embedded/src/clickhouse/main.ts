import type { Server, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { createEndpoint } from "./endpoint.ts";
import { Engine } from "./engine.ts";
import { CONNECTION } from "./held-port.ts";
import { type ChildMessage, isStart, type StartMessage } from "./messages.ts";

/**
 * The process that owns the event store's folder: one process a folder is what the engine allows.
 * It is told what to open over IPC and gets its connections there, and ends when its parent does.
 */
let engine: Engine | undefined;
let server: Server | undefined;
let isClosing = false;
/** Requests at work, and who waits for there being none. */
let working = 0;
let onIdle: (() => void) | undefined;

async function open(start: StartMessage): Promise<void> {
  try {
    engine = Engine.open(start.folder, start.memoryBytes);
  } catch {
    return fail({ type: "closed" });
  }
  try {
    server = createEndpoint(engine, { user: start.user, password: start.password });
    server.on("request", (_request, response: ServerResponse) => {
      working += 1;
      response.once("close", () => {
        working -= 1;
        if (working === 0) onIdle?.();
      });
    });
    answer({ type: "open" });
  } catch (error) {
    await fail({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

async function fail(message: ChildMessage): Promise<void> {
  answer(message);
  process.exitCode = 1;
  await close();
}

function answer(message: ChildMessage): void {
  if (process.connected) process.send?.(message);
}

function take(socket: Socket): void {
  if (!server || isClosing) return void socket.destroy();
  server.emit("connection", socket);
  socket.resume();
}

/** No new connection, requests at work to their end, then the engine. */
async function close(): Promise<void> {
  if (isClosing) return;
  isClosing = true;
  if (working > 0) {
    await new Promise<void>((resolve) => {
      onIdle = resolve;
    });
  }
  await engine?.close();
  process.exit();
}

process.on("message", (message, handle) => {
  if (message === CONNECTION) return handle instanceof Socket ? take(handle) : undefined;
  void (isStart(message) && !engine ? open(message) : close());
});
process.once("disconnect", () => void close());
process.once("SIGTERM", () => void close());
process.once("SIGINT", () => void close());
