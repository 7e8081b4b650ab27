import { brokenData, diskFull, EmbeddedError } from "../embedded-error.ts";

/** What PostgreSQL's log says about a start that failed. `again` = the cause passes by itself. */
export type Diagnosis = { again: "lock" | "port" } | { again: "no"; error: EmbeddedError };

/** Reads the log (English) of a start that ended early. */
export function diagnose(log: string, cluster: string): Diagnosis {
  if (/No space left on device|Disk quota exceeded/i.test(log)) return { again: "no", error: diskFull(cluster) };
  if (/Address already in use|could not bind IPv4/i.test(log)) return { again: "port" };
  if (/lock file "postmaster\.pid" already exists|shared memory block .* is still in use/i.test(log)) {
    return { again: "lock" };
  }
  const reason = lastReason(log);
  if (isBroken(log)) return { again: "no", error: brokenData(cluster, reason) };
  return {
    again: "no",
    error: new EmbeddedError("start-failed", `PostgreSQL did not start (${reason}): its log is ${cluster}.log.`),
  };
}

const BROKEN = [
  /PANIC:/,
  /invalid checkpoint record|could not locate a valid checkpoint/i,
  /database files are incompatible|is not a valid data directory|invalid primary checkpoint/i,
  /could not open file "[^"]*(pg_control|PG_VERSION|global\/)/i,
  /could not (open|access) directory "(pg_|base|global)/i,
  /incorrect checksum in control file|invalid data in file|unexpected data beyond EOF/i,
];

function isBroken(log: string): boolean {
  return BROKEN.some((pattern) => pattern.test(log));
}

/** The last message of weight, without PostgreSQL's time stamp. */
export function lastReason(log: string): string {
  const lines = log.split("\n").filter((line) => /\b(PANIC|FATAL|ERROR|error):/.test(line));
  const line = lines.find((text) => text.includes("PANIC:")) ?? lines.at(-1) ?? log.trim().split("\n").at(-1) ?? "";
  return line.replace(/^.*?\b(?:PANIC|FATAL|ERROR|error): */, "").trim() || "no reason given";
}
