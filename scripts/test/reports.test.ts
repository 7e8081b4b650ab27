import path from "node:path";
import { expect, it } from "vitest";
import { root } from "../launch/settings.ts";
import { countPlaywright, countVitest } from "./reports.ts";

it("names the tests that failed, and the file that broke before its first test", () => {
  const json = {
    numPassedTests: 3,
    numTotalTests: 4,
    testResults: [
      {
        name: path.join(root, "a.test.ts"),
        status: "failed",
        assertionResults: [
          { status: "passed", fullName: "is well" },
          { status: "failed", fullName: "a circle is refused" },
        ],
      },
      { name: path.join(root, "b.test.ts"), status: "failed", assertionResults: [] },
      { name: path.join(root, "c.test.ts"), status: "passed", assertionResults: [] },
    ],
  };
  const failures = ["a.test.ts: a circle is refused", "b.test.ts"];
  expect(countVitest(json)).toEqual({ passed: 3, total: 4, failures });
});

it("names the journeys that failed, in whatever group they stand", () => {
  const spec = (title: string, ok: boolean) => ({ file: "walk.spec.ts", title, ok });
  const json = {
    stats: { expected: 1, unexpected: 1, flaky: 0, skipped: 0 },
    suites: [{ specs: [spec("outer", true)], suites: [{ specs: [spec("inner", false)] }] }],
  };
  expect(countPlaywright(json)).toEqual({ passed: 1, total: 2, failures: ["walk.spec.ts: inner"] });
});
