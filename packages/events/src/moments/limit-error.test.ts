import { expect, test } from "vitest";
import { limitError, MomentsLimitError } from "./limit-error.ts";

const coded = (code: string, message = "of the store") => Object.assign(new Error(message), { code });

test("limitError tells time, memory and a crowded store apart, keeps the cause, and leaves other errors alone", () => {
  for (const [code, reason, message] of [
    ["159", "time", "Timeout exceeded: elapsed 3001.605 ms, maximum: 3000 ms."],
    ["160", "time", "Estimated query execution time is too long."],
    ["241", "memory", "Query memory limit exceeded: would use 125.51 MiB, maximum: 122.88 MiB."],
    ["241", "memory", "Memory limit (for query) exceeded: would use 125.51 MiB, maximum: 122.88 MiB."],
    ["241", "crowded", "(total) memory limit exceeded: would use 2.00 GiB, current RSS: 22.66 MiB, maximum: 2.00 GiB."],
    ["241", "crowded", "Memory limit (total) exceeded: would use 2.00 GiB, maximum: 2.00 GiB."],
    ["202", "crowded", "Too many simultaneous queries."],
  ] as const) {
    const cause = coded(code, message);
    const error = limitError(cause);
    expect(error).toBeInstanceOf(MomentsLimitError);
    expect(error).toMatchObject({ reason, cause });
  }
  const other = coded("60");
  expect(limitError(other)).toBe(other);
  expect(limitError("away")).toBe("away");
});
