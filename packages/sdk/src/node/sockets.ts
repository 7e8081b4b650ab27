import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";

/** What Node's `fetch` tells of each request (undici's DiagnosticsChannel). */
interface Sent {
  request: { origin?: string | URL; path: string; method: string };
  socket: Socket;
}

/** Addresses of the edges. */
const edges = new Set<string>();
/** Connections that carry, or carried, events. */
const carriers = new Set<Socket>();

/** From now on, no connection over which rulesets come from this edge keeps the process alive. */
export function letGoOf(url: unknown): void {
  if (!URL.canParse(String(url))) return;
  if (!edges.size) subscribe("undici:client:sendHeaders", (message) => onSent(message as Sent));
  edges.add(new URL(String(url)).href.replace(/\/$/, ""));
}

/** Nor does one over which events are on their way. */
export function letGoOfEvents(): void {
  for (const socket of carriers) socket.unref();
}

function onSent({ request: { origin, path, method }, socket }: Sent): void {
  const address = `${origin}${path}`;
  for (const edge of edges) {
    if (!address.startsWith(`${edge}/v1/`)) continue;
    if (method === "GET") socket.unref();
    else if (!carriers.has(socket)) {
      carriers.add(socket);
      socket.once("close", () => carriers.delete(socket));
    }
  }
}
