import { afterAll, beforeAll, expect, it } from "vitest";
import { openDashboard } from "./hostile/dashboard.ts";

/** The short version of the dashboard's part of `npm run hostile`, without the procedures, which are the door's. */

let target: Awaited<ReturnType<typeof openDashboard>>;
beforeAll(async () => {
  target = await openDashboard("short");
}, 300_000);
afterAll(() => target?.[Symbol.asyncDispose]());

it("bears what strangers send", { timeout: 300_000 }, async () => {
  const faults: string[] = [];
  const attempts = target.attempts.filter(({ name }) => !name.startsWith("procedure"));
  for (const { name, run } of attempts) {
    await run({
      ask: async (label, send, expected) => {
        const answer = await send(AbortSignal.timeout(60_000));
        const isExpected = expected ? expected.includes(answer.status) : answer.status < 500;
        const text = await answer.text();
        if (!isExpected) faults.push(`${name}, ${label}: ${answer.status} ${text.slice(0, 100)}`);
        return text;
      },
      check: (holds, sentence) => void (holds || faults.push(`${name}: ${sentence}`)),
    });
  }
  expect(faults).toEqual([]);
  expect(attempts.length).toBe(4);
});
