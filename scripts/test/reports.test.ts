import path from "node:path";
import { expect, it } from "vitest";
import { root } from "../launch/settings.ts";
import { countPlaywright, countVitest } from "./reports.ts";

it("names the tests that failed or are skipped, and the file that broke before its first test", () => {
  const json = {
    numPassedTests: 3,
    testResults: [
      {
        name: path.join(root, "a.test.ts"),
        status: "failed",
        assertionResults: [
          { status: "passed", fullName: "is well" },
          { status: "failed", fullName: "a circle is refused" },
        ],
      },
      {
        name: path.join(root, "b.test.ts"),
        status: "failed",
        assertionResults: [{ status: "skipped", fullName: "waits for what broke" }],
      },
      {
        name: path.join(root, "c.test.ts"),
        status: "passed",
        assertionResults: [
          { status: "skipped", fullName: "runs as root" },
          { status: "todo", fullName: "some day" },
        ],
      },
    ],
  };
  expect(countVitest(json)).toEqual({
    passed: 3,
    failed: 2,
    skipped: 3,
    failures: ["a.test.ts: a circle is refused", "b.test.ts"],
    skips: ["c.test.ts: runs as root", "c.test.ts: some day"],
  });
});

it("names the journeys that failed or are skipped, in whatever group they stand", () => {
  const spec = (title: string, ok: boolean, status: string) => ({
    file: "walk.spec.ts",
    title,
    ok,
    tests: [{ status }],
  });
  const inner = { specs: [spec("inner", false, "unexpected"), spec("elsewhere", true, "skipped")] };
  const json = {
    stats: { expected: 1, unexpected: 1, flaky: 0, skipped: 1 },
    suites: [{ specs: [spec("outer", true, "expected")], suites: [inner] }],
  };
  expect(countPlaywright(json)).toEqual({
    passed: 1,
    failed: 1,
    skipped: 1,
    failures: ["walk.spec.ts: inner"],
    skips: ["walk.spec.ts: elsewhere"],
  });
});
