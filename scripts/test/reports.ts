import path from "node:path";
import { root } from "../launch/settings.ts";

/** What a runner's report says: how many tests ran and how many did not, and the names of those that did not pass. */
export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
  /** Files that broke before their first test count, too, by their paths. */
  failures: string[];
  /** Tests that are skipped where they stand; those that a broken file kept from running are told by its failure. */
  skips: string[];
}

interface VitestFile {
  name: string;
  status: string;
  assertionResults: { status: string; fullName: string }[];
}

const SKIPPED = ["skipped", "pending", "todo", "disabled"];

/** Reads the JSON report of vitest. A file that broke before its first test counts as a failure by its path. */
export function countVitest(json: unknown): TestCounts {
  const { numPassedTests, testResults } = json as { numPassedTests: number; testResults: VitestFile[] };
  const files = testResults.map(countFile);
  const failures = files.flatMap((file) => file.failures);
  return {
    passed: numPassedTests,
    failed: failures.length,
    skipped: files.reduce((sum, { skipped }) => sum + skipped, 0),
    failures,
    skips: files.flatMap((file) => file.skips),
  };
}

function countFile({ name, status, assertionResults }: VitestFile) {
  const file = path.relative(root, name);
  const named = (statuses: string[]) =>
    assertionResults.filter((test) => statuses.includes(test.status)).map(({ fullName }) => `${file}: ${fullName}`);
  const [failed, skipped] = [named(["failed"]), named(SKIPPED)];
  const isBroken = failed.length === 0 && status === "failed";
  return { failures: isBroken ? [file] : failed, skipped: skipped.length, skips: isBroken ? [] : skipped };
}

interface PlaywrightSuite {
  suites?: PlaywrightSuite[];
  specs: { file: string; title: string; ok: boolean; tests: { status: string }[] }[];
}

/** Reads the JSON report of Playwright. A test that passed at a second try did not pass. */
export function countPlaywright(json: unknown): TestCounts {
  const { stats, suites } = json as {
    stats: { expected: number; unexpected: number; flaky: number; skipped: number };
    suites: PlaywrightSuite[];
  };
  const specs = suites.flatMap(specsOf);
  const named = (found: PlaywrightSuite["specs"]) => found.map(({ file, title }) => `${file}: ${title}`);
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
    failures: named(specs.filter(({ ok }) => !ok)),
    skips: named(specs.filter(({ tests }) => tests.some(({ status }) => status === "skipped"))),
  };
}

function specsOf(suite: PlaywrightSuite): PlaywrightSuite["specs"] {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)];
}
