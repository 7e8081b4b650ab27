import type { ClientOptions, Ruleset } from "@telltale/sdk";
import { rulesetOf } from "@telltale/testing/ruleset";

type Flags = Ruleset["flags"];

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
  serve: { variant },
});

/** One flag of each type; "yes" for Germans, "no" for the others. */
export const flags: Flags = {
  banner: {
    type: "boolean",
    on: true,
    variants: { yes: true, no: false },
    off: "no",
    rules: [rule("country", "DE", "yes")],
    serve: { variant: "no" },
  },
  colour: {
    type: "string",
    on: true,
    variants: { navy: "#007", red: "#f00" },
    off: "red",
    rules: [],
    serve: { variant: "navy" },
  },
  limit: {
    type: "number",
    on: false,
    variants: { low: 3, high: 9 },
    off: "low",
    rules: [],
    serve: { variant: "high" },
  },
  layout: {
    type: "json",
    on: true,
    variants: { wide: { columns: 3 } },
    off: "wide",
    rules: [],
    serve: { variant: "wide" },
  },
  lab: {
    type: "boolean",
    on: true,
    variants: { yes: true, no: false },
    off: "no",
    rules: [],
    serve: { split: { by: "targetingKey", seed: 1, ends: [2 ** 32], variants: ["yes"] } },
  },
  since: {
    type: "boolean",
    on: true,
    variants: { yes: true, no: false },
    off: "no",
    rules: [
      {
        id: "r1",
        when: [{ attribute: "signedUp", op: "before", values: ["2026-01-01T00:00:00Z"] }],
        serve: { variant: "yes" },
      },
    ],
    serve: { variant: "no" },
  },
};
