import { expect, it } from "vitest";
import type { TestStep } from "./steps.ts";
import { runSteps } from "./summary.ts";

const step = (name: string, run: TestStep["run"]): TestStep => ({ name, run });
const plain = (text: string) => text.replace(/ +[\d.]+ s$/gm, "").replace(/ {2,}/g, " ");

it("runs all steps, also after one that fails or breaks, and ends with the counts of each and of all", async () => {
  const written: string[] = [];
  const isGood = await runSteps(
    [
      step("unit tests", async () => ({ passed: 2_294, failed: 2, output: "what failed", failures: ["a > b", "c"] })),
      step("broken", () => {
        throw new Error("it broke");
      }),
      step("integration tests", async () => ({ passed: 297, failed: 0, output: "" })),
    ],
    (text) => written.push(text),
  );
  expect(isGood).toBe(false);
  const text = plain(written.join(""));
  expect(text).toContain("what failed");
  expect(text).toContain("it broke");
  expect(text.split("\n").slice(-8)).toEqual([
    "FAIL unit tests 2294 passed 2 failed",
    " a > b",
    " c",
    "FAIL broken 0 passed 1 failed",
    "ok integration tests 297 passed",
    "",
    "2591 passed, 3 failed",
    "",
  ]);
});

it("says that all is well", async () => {
  const written: string[] = [];
  expect(
    await runSteps([step("a", async () => ({ passed: 1, failed: 0, output: "" }))], (text) => written.push(text)),
  ).toBe(true);
  expect(written.at(-1)).toBe("\n1 passed, 0 failed\n");
});

it("tells what is skipped as a count of its own, by name, and is content", async () => {
  const written: string[] = [];
  const outcome = { passed: 1, failed: 0, skipped: 2, output: "", skips: ["a.test.ts: runs as root"] };
  expect(await runSteps([step("a", async () => outcome)], (text) => written.push(text))).toBe(true);
  expect(plain(written.join("")).split("\n")).toEqual([
    "ok a 1 passed 2 skipped",
    "",
    "skipped:",
    " a.test.ts: runs as root",
    "",
    "1 passed, 0 failed, 2 skipped",
    "",
  ]);
});
