import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keepRunning, type Restartable } from "./keep-running.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("starts an engine again for as long as it takes, also where the start itself fails", async () => {
  let die = (_reason: string): void => undefined;
  let starts = 0;
  const engine: Restartable = {
    restart: async () => {
      starts += 1;
      if (starts < 20) throw new Error("Port 5 is used by another program.");
    },
    stop: async () => undefined,
    onExit: (listener) => {
      die = listener;
    },
  };
  const said: string[] = [];
  const keeper = keepRunning(engine, (sentence) => said.push(sentence));
  die("It ended.");
  await vi.runAllTimersAsync();
  expect(starts).toBe(20);
  expect(said[0]).toBe("It ended. Starting it again in 0.3 s.");
  expect(said.at(-1)).toBe("Port 5 is used by another program. Starting it again in 30 s.");
  await keeper.stop();
  die("It ended.");
  await vi.runAllTimersAsync();
  expect(starts).toBe(20);
});
