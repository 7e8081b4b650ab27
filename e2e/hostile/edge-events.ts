import { randomUUID } from "node:crypto";
import type { Attempt, Scale } from "./attempts.ts";
import { type EdgeWorld, post } from "./edge-world.ts";
import { hostileTexts, levels } from "./texts.ts";

const track = (more: object) => ({
  type: "track",
  id: randomUUID(),
  time: new Date().toISOString(),
  name: "purchase",
  units: { targetingKey: "u" },
  ...more,
});

/** Every field of an event, and the batch around it. */
export function eventAttempts(world: EdgeWorld, scale: Scale): Attempt[] {
  const send =
    (body: string | Uint8Array<ArrayBuffer>, more: RequestInit = {}) =>
    (signal: AbortSignal) =>
      world.call("/v1/events", post(body, signal, more));
  const batch = (...list: object[]) => JSON.stringify({ events: list });
  const fields = ["id", "name", "time", "units", "properties", "value", "type"];
  const texts = hostileTexts(scale === "whole" ? 60_000 : 600);
  return [
    ...fields.map((field) => ({
      name: `an event's ${field}`,
      async run(tally: Parameters<Attempt["run"]>[0]) {
        for (const [name, text] of texts) {
          const value = field === "units" || field === "properties" ? { [text]: text } : text;
          const receipt = await tally.ask(name, send(batch(track({ [field]: value }))), [200]);
          // A short id or name of strange letters may be one; whatever is too long, or no time, is not.
          if (field === "time" || scale === "whole") {
            const isRefused = receipt.includes('"accepted":0') || name === "names of Object" || text.length < 30;
            tally.check(field === "time" ? receipt.includes('"accepted":0') : isRefused, `${name} was accepted`);
          }
        }
      },
    })),
    {
      name: "batches that are none",
      async run(tally) {
        await tally.ask("5,000 levels", send(levels(5_000)), [400]);
        await tally.ask("properties of 5,000 levels", send(`{"events":[{"properties":${levels(5_000)}}]}`), [400]);
        await tally.ask("a megabyte of brackets", send("[".repeat(1_000_000)), [400]);
        await tally.ask("an endless number", send(`{"events":[${"9".repeat(1_000_000)}]}`), [200]);
        await tally.ask(
          "60,000 members",
          send(`{${Array.from({ length: 60_000 }, (_, i) => `"k${i}":${i}`).join()}}`),
          [400],
        );
        await tally.ask("no UTF-8", send(Uint8Array.from([0x7b, 0xff, 0x7d])), [400]);
        await tally.ask("no gzip", send("x", { headers: { "content-encoding": "gzip" } }), [400]);
        await tally.ask("another encoding", send("x", { headers: { "content-encoding": "x".repeat(8_000) } }), [415]);
        await tally.ask("two megabytes", send("x".repeat(2_000_000)), [413]);
        await tally.ask("sent on a day that is none", send('{"sentAt":"2026-02-30T00:00:00Z","events":[]}'), [400]);
      },
    },
  ];
}
