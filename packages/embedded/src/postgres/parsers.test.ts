import { describe, expect, test } from "vitest";
import { EmbeddedError } from "../embedded-error.ts";
import { findBinaries } from "./binaries.ts";
import { diagnose, lastReason } from "./diagnosis.ts";
import { parsePostmaster } from "./postmaster.ts";

describe("parsePostmaster", () => {
  test("reads pid and port", () => {
    const text = "4711\n/data/postgres\n1763900000\n54321\n\n127.0.0.1\n  1234 56\nready   \n";
    expect(parsePostmaster(text)).toEqual({ pid: 4711, port: 54321 });
  });

  test("reads a file that is not written to its end, and refuses garbage", () => {
    expect(parsePostmaster("4711\n/data\n")).toEqual({ pid: 4711 });
    expect(parsePostmaster("")).toBeUndefined();
    expect(parsePostmaster("-1\n")).toBeUndefined();
    expect(parsePostmaster("none")).toBeUndefined();
  });
});

describe("diagnose", () => {
  const at = "2026-11-23 10:00:00.000 UTC [7] ";
  const codeOf = (log: string) => {
    const found = diagnose(log, "/data/postgres");
    return found.again === "no" ? found.error.code : found.again;
  };

  test.each([
    [`${at}FATAL:  could not write lock file "postmaster.pid": No space left on device`, "disk-full"],
    [`${at}PANIC:  could not write to file "pg_wal/xlogtemp.9": No space left on device`, "disk-full"],
    [
      `${at}LOG:  could not bind IPv4 address "127.0.0.1": Address already in use\n${at}FATAL:  could not create any TCP/IP sockets`,
      "port",
    ],
    [`${at}FATAL:  lock file "postmaster.pid" already exists`, "lock"],
    [`${at}FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use`, "lock"],
    [`${at}PANIC:  could not locate a valid checkpoint record at 0/1`, "broken-data"],
    [`${at}FATAL:  database files are incompatible with server`, "broken-data"],
    [`${at}FATAL:  could not open file "global/pg_control": No such file or directory`, "broken-data"],
    [`${at}FATAL:  something new`, "start-failed"],
    ["", "start-failed"],
  ])("%s → %s", (log, code) => {
    expect(codeOf(log)).toBe(code);
  });

  test("quotes the reason without its time stamp", () => {
    expect(lastReason(`${at}LOG:  starting\n${at}FATAL:  something new\n`)).toBe("something new");
  });
});

describe("findBinaries", () => {
  test("names the way out on a platform without binaries", () => {
    expect(() => findBinaries("plan9", "mips")).toThrow(EmbeddedError);
    expect(() => findBinaries("plan9", "mips")).toThrow(/plan9-mips.*DATABASE_URL/);
  });
});
