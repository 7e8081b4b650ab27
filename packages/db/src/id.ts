import { randomUUID } from "node:crypto";

/** A new row's id: a UUID with its time in front (version 7 layout, RFC 9562), so that indexes grow at one end. */
export function newId(now: number = Date.now()): string {
  const time = now.toString(16).padStart(12, "0");
  const random = randomUUID();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
