import { expect, test } from "vitest";
import { limitError, MomentsLimitError } from "./limit-error.ts";

const coded = (code: string) => Object.assign(new Error("of the store"), { code });

test("limitError tells time from memory, keeps the cause, and leaves other errors alone", () => {
  for (const [code, reason] of [
    ["159", "time"],
    ["160", "time"],
    ["241", "memory"],
  ] as const) {
    const cause = coded(code);
    const error = limitError(cause);
    expect(error).toBeInstanceOf(MomentsLimitError);
    expect(error).toMatchObject({ reason, cause });
  }
  const other = coded("60");
  expect(limitError(other)).toBe(other);
  expect(limitError("away")).toBe("away");
});
