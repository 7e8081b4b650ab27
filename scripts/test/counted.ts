import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { ensureChromium, playwrightCli } from "./chromium.ts";
import { ensureHaproxy } from "./debian-haproxy.ts";
import { ensureDebianPostgres } from "./debian-postgres.ts";
import { countPlaywright, countVitest, type TestCounts } from "./reports.ts";
import { type CommandResult, node, type StepResult, type TestStep, tool } from "./steps.ts";

/** vitest, one project; the JSON report says how many tests ran, so that none can go missing unseen. */
export function vitest(project: "unit" | "integration" | "chaos"): TestStep {
  return {
    name: `${project} tests`,
    run: async () => {
      const env = project === "integration" ? await outsiders() : {};
      return counted(
        (report) =>
          tool(
            "vitest",
            ["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
            env,
          ),
        countVitest,
      );
    },
  };
}

/** The programs that are not ours and that the product is proved against. */
async function outsiders(): Promise<Record<string, string>> {
  const binaries = await ensureDebianPostgres();
  const haproxy = await ensureHaproxy();
  return { ...(binaries && { DEBIAN_POSTGRES: binaries }), ...(haproxy && { HAPROXY: haproxy }) };
}

/** The journeys in a real browser against the started product. */
export function journeys(): TestStep {
  return {
    name: "browser tests",
    run: async () => {
      const chromium = await ensureChromium();
      const binaries = await ensureDebianPostgres();
      return counted(
        (report) =>
          node([playwrightCli(), "test", "--config", "e2e/playwright.config.ts"], {
            PLAYWRIGHT_JSON_OUTPUT_NAME: report,
            CHROMIUM: chromium,
            ...(binaries ? { DEBIAN_POSTGRES: binaries } : {}),
          }),
        countPlaywright,
      );
    },
  };
}

async function counted(
  run: (report: string) => Promise<CommandResult>,
  count: (json: unknown) => TestCounts,
): Promise<StepResult> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "telltale-report-"));
  const report = path.join(folder, "report.json");
  try {
    const { code, output } = await run(report);
    if (!fs.existsSync(report)) return { passed: 0, failed: 1, output };
    const counts = count(JSON.parse(fs.readFileSync(report, "utf8")));
    const failed = Math.max(counts.failed, code === 0 && counts.passed > 0 ? 0 : 1);
    return { ...counts, failed, output };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
