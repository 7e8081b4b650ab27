import { createClient, type EvaluationContext, type Ruleset } from "@telltale/sdk";
import { flagOf } from "@telltale/testing/ruleset";
import { act, cleanup } from "@testing-library/react";
import { afterEach, expect, vi } from "vitest";
import { TelltaleProvider } from "./index.ts";

/** For tests: a real client on a fake wire; a message on the console fails the test. */

export const flag = (variant: string, more: Parameters<typeof flagOf>[0] = {}) => flagOf({ serve: variant, ...more });
export const experiment = flag("off", {
  serve: { seed: 1, ends: [2 ** 31, 2 ** 32], variants: ["on", "off"], experiment: "lab" },
});

/** A real client; the edge behind it streams what the test pushes and keeps the events. */
export function start(bootstrap?: Ruleset) {
  let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  const sent: { type: string; unit?: string }[] = [];
  const client = createClient({
    key: "k",
    url: "https://edge.test",
    bootstrap,
    fetch: async (input, init) => {
      if (!String(input).endsWith("/v1/stream")) {
        const { events } = JSON.parse(String(init?.body));
        sent.push(...events);
        return Response.json({ accepted: events.length, refused: [] });
      }
      return new Response(
        new ReadableStream<Uint8Array>({
          start: (controller) => {
            stream = controller;
          },
        }),
      );
    },
  });
  closing.push(() => client.close());
  const push = (ruleset: Ruleset) =>
    act(async () => {
      const changed = new Promise<void>((resolve) => client.on("change", () => resolve()));
      stream?.enqueue(new TextEncoder().encode(`event: ruleset\ndata: ${JSON.stringify(ruleset)}\n\n`));
      await changed;
    });
  return { client, push, sent };
}

const closing: (() => Promise<void>)[] = [];
export const consoleError = vi.spyOn(console, "error");
afterEach(async () => {
  cleanup();
  expect(consoleError).not.toHaveBeenCalled();
  consoleError.mockClear();
  for (const close of closing.splice(0)) await close();
});

export const inside = (
  client: ReturnType<typeof start>["client"],
  context: EvaluationContext = { targetingKey: "u-1" },
) => ({
  wrapper: ({ children }: { children: React.ReactNode }) => (
    <TelltaleProvider client={client} context={context}>
      {children}
    </TelltaleProvider>
  ),
});
