import { brokenData, diskFull, EmbeddedError } from "../embedded-error.ts";

/**
 * Why the engine did not open its folder, read from what it wrote to its error stream (its own exception does not say).
 * "lock" = another process holds it, which passes by itself when that one is dying.
 */
export function diagnoseOpening(noise: string, folder: string): "lock" | EmbeddedError {
  if (/Cannot lock file|Another server instance/i.test(noise)) return "lock";
  if (/No space left on device|NOT_ENOUGH_SPACE|Disk quota exceeded/i.test(noise)) return diskFull(folder);
  const reason = /Code: \d+\. DB::\w+: ([^\n]{1,200})/.exec(noise)?.[1];
  if (reason !== undefined) return brokenData(folder, reason.trim());
  return didNotStart(lastLine(noise) || "no reason given");
}

export function inUse(folder: string): EmbeddedError {
  return new EmbeddedError(
    "in-use",
    `The event store ${folder} is open in another process: stop that one and start again.`,
  );
}

export function didNotStart(why: string): EmbeddedError {
  return new EmbeddedError(
    "start-failed",
    `The embedded ClickHouse did not start (${why}): set CLICKHOUSE_URL to use a ClickHouse server.`,
  );
}

export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
