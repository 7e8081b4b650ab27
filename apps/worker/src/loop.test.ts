import pino from "pino";
import { expect, it, vi } from "vitest";
import { startLoop } from "./loop.ts";

const log = pino({ level: "silent" });

it("runs again and again, also after a failure, and stops after the run under way", async () => {
  let runs = 0;
  let finished = 0;
  const run = async () => {
    runs += 1;
    if (runs === 1) throw new Error("the database is away");
    await Promise.resolve();
    finished += 1;
  };
  const loop = startLoop([{ name: "job", everyMs: 1, run }], async () => true, log);
  await vi.waitFor(() => expect(finished).toBeGreaterThan(2));
  await loop.stop();
  expect(finished).toBe(runs - 1);
});

it("leaves the work to the leader", async () => {
  const run = vi.fn(async () => undefined);
  const leads = vi.fn(async () => false);
  const loop = startLoop([{ name: "job", everyMs: 1, run }], leads, log);
  await vi.waitFor(() => expect(leads.mock.calls.length).toBeGreaterThan(2));
  await loop.stop();
  expect(run).not.toHaveBeenCalled();
});
