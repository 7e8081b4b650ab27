import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { isRunning } from "./processes.ts";

test("a process that ends while it is looked at is not running", async () => {
  // Its signal still finds the zombie, its file is gone when it is read: asked often, some asking falls in between.
  for (let round = 0; round < 30; round++) {
    const child = spawn("true");
    let isOver = false;
    const exit = once(child, "exit").then(() => {
      isOver = true;
    });
    const answers: Promise<boolean>[] = [];
    while (!isOver) {
      answers.push(isRunning(child.pid ?? 0));
      await new Promise(setImmediate);
    }
    await exit;
    await Promise.all(answers);
    expect(await isRunning(child.pid ?? 0)).toBe(false);
  }
});
