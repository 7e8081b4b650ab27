import path from "node:path";
import { root } from "../launch/settings.ts";

/** What a runner's report says: how many tests ran, and the names of those that did not pass. */
export interface TestCounts {
  passed: number;
  total: number;
  failures: string[];
}

/** Reads the JSON report of vitest. A file that broke before its first test counts as a failure by its path. */
export function countVitest(json: unknown): TestCounts {
  const { numPassedTests, numTotalTests, testResults } = json as {
    numPassedTests: number;
    numTotalTests: number;
    testResults: { name: string; status: string; assertionResults: { status: string; fullName: string }[] }[];
  };
  const failures = testResults.flatMap(({ name, status, assertionResults }) => {
    const file = path.relative(root, name);
    const tests = assertionResults.filter((test) => test.status === "failed");
    if (tests.length > 0) return tests.map(({ fullName }) => `${file}: ${fullName}`);
    return status === "failed" ? [file] : [];
  });
  return { passed: numPassedTests, total: numTotalTests, failures };
}

interface PlaywrightSuite {
  suites?: PlaywrightSuite[];
  specs: { file: string; title: string; ok: boolean }[];
}

/** Reads the JSON report of Playwright. A test that passed at a second try did not pass. */
export function countPlaywright(json: unknown): TestCounts {
  const { stats, suites } = json as {
    stats: { expected: number; unexpected: number; flaky: number; skipped: number };
    suites: PlaywrightSuite[];
  };
  const specs = suites.flatMap(specsOf);
  const failures = specs.filter(({ ok }) => !ok).map(({ file, title }) => `${file}: ${title}`);
  return { passed: stats.expected, total: stats.expected + stats.unexpected + stats.flaky + stats.skipped, failures };
}

function specsOf(suite: PlaywrightSuite): PlaywrightSuite["specs"] {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)];
}
