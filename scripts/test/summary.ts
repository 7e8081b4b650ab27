import type { StepResult, TestStep } from "./steps.ts";

const OUTPUT_LINES = 150;
const NAMED = 20;

/**
 * Runs every step, whatever became of those before it, and ends with a table of all counts and the names of what
 * failed or did not run, since that is far above by then, and a log that is cut keeps its end.
 * @returns whether all passed
 */
export async function runSteps(steps: readonly TestStep[], write: (text: string) => void): Promise<boolean> {
  const results: { line: string; outcome: StepResult }[] = [];
  for (const step of steps) {
    const startedAt = Date.now();
    const outcome = await runStep(step);
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    const line = lineOf(step.name, outcome, seconds);
    results.push({ line, outcome });
    write(line);
    if (outcome.failed > 0) write(`${outcome.output.trim().split("\n").slice(-OUTPUT_LINES).join("\n")}\n`);
  }
  const sum = (count: (outcome: StepResult) => number) => results.reduce((all, { outcome }) => all + count(outcome), 0);
  const failed = sum((outcome) => outcome.failed);
  const skipped = sum((outcome) => outcome.skipped ?? 0);
  if (failed > 0) write(`\n${results.map(({ line, outcome }) => line + listNames(outcome.failures)).join("")}`);
  if (skipped > 0) write(`\nskipped:\n${listNames(results.flatMap(({ outcome }) => outcome.skips ?? []))}`);
  const rest = skipped > 0 ? `, ${skipped} skipped` : "";
  write(`\n${sum((outcome) => outcome.passed)} passed, ${failed} failed${rest}\n`);
  return failed === 0;
}

function listNames(names: readonly string[] = []): string {
  const shown = names.slice(0, NAMED).map((name) => `      ${name}\n`);
  const more = names.length > NAMED ? `      and ${names.length - NAMED} more\n` : "";
  return shown.join("") + more;
}

/** A step that breaks is one that failed. */
async function runStep(step: TestStep): Promise<StepResult> {
  try {
    return await step.run();
  } catch (error) {
    return { passed: 0, failed: 1, output: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function lineOf(name: string, { passed, failed, skipped = 0 }: StepResult, seconds: string): string {
  const others = [failed > 0 ? ` ${String(failed).padStart(4)} failed` : "", skipped > 0 ? ` ${skipped} skipped` : ""];
  const counts = `${String(passed).padStart(5)} passed${others.join("")}`;
  return `${(failed > 0 ? "FAIL" : "ok").padEnd(5)} ${name.padEnd(32)} ${counts} ${seconds.padStart(7)} s\n`;
}
