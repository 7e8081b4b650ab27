import type { ClientOptions } from "@telltale/sdk";
import { rulesetOf, type TestFlag } from "@telltale/testing/ruleset";

type Flags = Record<string, TestFlag>;

/** Lets everything that is ready happen: promises, stream pieces. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 0));
}

/** For tests: an edge on the other side of `fetch`, and a clock that stands still until it is advanced. */
export function fakeEdge() {
  const streams: ReadableStreamDefaultController<Uint8Array>[] = [];
  const sent: { type: string; name?: string; value?: number; properties?: object; units?: object }[] = [];
  let isDown = false;
  let isSilent = false;
  let time = Date.parse("2026-11-23T12:00:00Z");
  let tasks: { at: number; work: () => void }[] = [];
  const options: ClientOptions = {
    key: "tt_client_test",
    url: "https://edge.test",
    now: () => time,
    random: () => 0.5,
    schedule(work, delayMs) {
      const task = { at: time + delayMs, work };
      tasks.push(task);
      return () => {
        tasks = tasks.filter((one) => one !== task);
      };
    },
    fetch: async (url, init) => {
      if (isDown) throw new TypeError("fetch failed");
      if (String(url).endsWith("/v1/events")) {
        const { events } = JSON.parse(String(init?.body));
        sent.push(...events);
        return Response.json({ accepted: events.length, refused: [] });
      }
      if (String(url).includes("/v1/ruleset")) {
        return isSilent ? new Promise<never>(() => {}) : new Response(null, { status: 304 });
      }
      const start = (stream: ReadableStreamDefaultController<Uint8Array>) => {
        streams.push(stream);
        init?.signal?.addEventListener("abort", () => {
          streams.splice(streams.indexOf(stream), 1);
          stream.error(new TypeError("aborted"));
        });
      };
      const body = new ReadableStream<Uint8Array>({ start });
      beat();
      return new Response(body);
    },
  };
  const write = (text: string) => {
    for (const stream of streams) stream.enqueue(new TextEncoder().encode(text));
  };
  /** Every open stream hears that the edge is there. */
  const beat = () => {
    if (!isSilent) write(": hb\n\n");
  };
  return {
    options,
    sent,
    goDown: () => {
      isDown = true;
      for (const stream of streams.splice(0)) stream.error(new TypeError("network gone"));
    },
    /** It is there again, and has no news. */
    comeBack: () => {
      isDown = false;
    },
    /** Connections stay open, and nothing comes. */
    fallSilent: () => {
      isSilent = true;
    },
    /** Lets so much time pass, a heartbeat every 15 s. */
    async advance(ms: number) {
      const end = time + ms;
      for (let at = time + 15_000; at < end; at += 15_000) tasks.push({ at, work: beat });
      await settle();
      for (;;) {
        const next = tasks.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        time = next.at;
        tasks = tasks.filter((one) => one !== next);
        next.work();
        await settle();
      }
      time = end;
    },
    /** Sends a ruleset to all listeners. */
    push(version: number, flags: Flags) {
      write(`event: ruleset\ndata: ${JSON.stringify(rulesetOf(version, flags))}\n\n`);
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
