import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AttackTarget, runAttempts } from "./attempts.ts";
import { openDashboard } from "./dashboard.ts";
import { openEdge } from "./edge.ts";

/** The short version of `npm run hostile`: the same attempts, fewer texts. */
describe.each([
  ["edge", openEdge],
  ["dashboard", openDashboard],
])("the %s", (_name, open) => {
  let target: AttackTarget;
  beforeAll(async () => {
    target = await open("short");
  }, 300_000);
  afterAll(() => target?.[Symbol.asyncDispose]());

  it("answers everything hostile, in time and never with a 500", { timeout: 600_000 }, async () => {
    const results = await runAttempts(target);
    expect(results.length).toBeGreaterThan(4);
    expect(results.filter(({ faults }) => faults.length > 0)).toEqual([]);
  });
});
