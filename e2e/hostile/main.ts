import { type AttackTarget, lineOf, type Result, runAttempts } from "./attempts.ts";
import { openDashboard } from "./dashboard.ts";
import { openEdge } from "./edge.ts";

/** `npm run hostile`: opens each target as real processes, tries everything hostile on it, and counts. */
const targets = [openEdge, openDashboard];

const results: Result[] = [];
let running: AttackTarget | undefined;
// Whoever asks for the end gets all of it: the target's processes end too.
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, async () => {
    await running?.[Symbol.asyncDispose]();
    process.exit(1);
  });
}
for (const open of targets) {
  await using target = await open("whole");
  running = target;
  results.push(...(await runAttempts(target, (result) => process.stdout.write(lineOf(result)))));
}
const failed = results.filter(({ faults }) => faults.length > 0).length;
process.stdout.write(`\n${results.length - failed} passed, ${failed} failed\n`);
process.exit(failed > 0 ? 1 : 0);
