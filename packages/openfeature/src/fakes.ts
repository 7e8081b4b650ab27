import type { ClientOptions } from "@telltale/sdk";
import { rulesetOf, type TestFlag } from "@telltale/testing/ruleset";

type Flags = Record<string, TestFlag>;

/** For tests: an edge on the other side of `fetch`. */
export function fakeEdge() {
  const streams: ReadableStreamDefaultController<Uint8Array>[] = [];
  const sent: { type: string; name?: string; value?: number; properties?: object; units?: object }[] = [];
  let isDown = false;
  const options: ClientOptions = {
    key: "tt_client_test",
    url: "https://edge.test",
    fetch: async (url, init) => {
      if (isDown) throw new TypeError("fetch failed");
      if (String(url).endsWith("/v1/events")) {
        const { events } = JSON.parse(String(init?.body));
        sent.push(...events);
        return Response.json({ accepted: events.length, refused: [] });
      }
      return new Response(new ReadableStream<Uint8Array>({ start: (controller) => void streams.push(controller) }));
    },
  };
  return {
    options,
    sent,
    goDown: () => {
      isDown = true;
      for (const stream of streams) stream.error(new TypeError("network gone"));
    },
    /** Sends a ruleset to whoever listens. */
    push(version: number, flags: Flags) {
      const text = `event: ruleset\ndata: ${JSON.stringify(rulesetOf(version, flags))}\n\n`;
      for (const stream of streams) stream.enqueue(new TextEncoder().encode(text));
    },
  };
}

const rule = (attribute: string, value: string, variant: string) => ({
  id: "r1",
  when: [{ attribute, op: "in" as const, values: [value] }],
  serve: variant,
});

/** One flag of each type; "yes" for Germans, "no" for the others. */
export const flags: Flags = {
  banner: {
    variants: { yes: true, no: false },
    off: "no",
    rules: [rule("country", "DE", "yes")],
    serve: "no",
  },
  colour: {
    variants: { navy: "#007", red: "#f00" },
    off: "red",
    serve: "navy",
  },
  limit: {
    on: false,
    variants: { low: 3, high: 9 },
    off: "low",
    serve: "high",
  },
  layout: {
    type: "json",
    variants: { wide: { columns: 3 } },
    off: "wide",
    serve: "wide",
  },
  lab: {
    variants: { yes: true, no: false },
    off: "no",
    serve: { seed: 1, ends: [2 ** 32], variants: ["yes"] },
  },
  since: {
    variants: { yes: true, no: false },
    off: "no",
    rules: [
      {
        id: "r1",
        when: [{ attribute: "signedUp", op: "before", values: ["2026-01-01T00:00:00Z"] }],
        serve: "yes",
      },
    ],
    serve: "no",
  },
};
