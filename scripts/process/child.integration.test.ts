import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Child, startChild } from "./child.ts";

let folder: string;
let child: Child | undefined;
const troubles: string[] = [];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "telltale-child-"));
  troubles.length = 0;
});
afterEach(async () => {
  await child?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Runs a script that notes each of its starts in `starts`. */
function run(script: string): void {
  const starts = JSON.stringify(path.join(folder, "starts"));
  child = startChild({
    name: "test",
    args: ["--eval", `require("node:fs").appendFileSync(${starts}, "x");${script}`],
    cwd: folder,
    env: {},
    logFile: path.join(folder, "logs", "test.log"),
    echo: false,
    onTrouble: (sentence) => troubles.push(sentence),
    pings: { everyMs: 50, missedMax: 20 },
  });
}

const starts = () => {
  const file = path.join(folder, "starts");
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8").length : 0;
};

it("starts again what dies, more often than six times", async () => {
  run("process.exit(3)");
  await expect.poll(starts, { timeout: 60_000 }).toBeGreaterThan(6);
  expect(troubles[0]).toMatch(/^The test stopped \(code 3\); starting it again in 0\.3 s\./);
});

it("ends and starts again what hangs, and lets live what answers", async () => {
  // It answers for a while, then its event loop does not turn any more.
  run("setTimeout(() => { for (;;); }, 500)");
  await expect.poll(starts, { timeout: 60_000 }).toBe(2);
  expect(troubles).toEqual([expect.stringContaining("did not answer any more and was ended")]);
});

it("writes what it says by bounded lines", async () => {
  run("process.stdout.write('a'.repeat(1_000_000) + '\\nnext\\n'); setInterval(() => undefined, 1_000)");
  const file = path.join(folder, "logs", "test.log");
  await expect.poll(() => fs.existsSync(file) && fs.readFileSync(file, "utf8")).toMatch(/characters more\)\nnext\n$/);
  expect(fs.statSync(file).size).toBeLessThan(20_000);
});
