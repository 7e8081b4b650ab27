import { endsOf, type Ruleset, sealed, seedOf, type TelltaleEvent } from "@telltale/evaluator";
import { rulesetOf as plainRuleset, type TestFlag } from "@telltale/testing/ruleset";
import { type ClientOptions, createClient } from "./client.ts";

/** For tests: the wire and the clock, the two things that are faked. */

/** Lets everything that is ready happen: promises, stream pieces. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** A clock that stands still until it is advanced. */
export function fakeClock() {
  let time = Date.parse("2026-11-23T12:00:00Z");
  let tasks: { at: number; work: () => void }[] = [];
  return {
    now: () => time,
    schedule(work: () => void, delayMs: number) {
      const task = { at: time + delayMs, work };
      tasks.push(task);
      return () => {
        tasks = tasks.filter((one) => one !== task);
      };
    },
    /** Milliseconds until each timer, soonest first. */
    timers: () => tasks.map(({ at }) => at - time).sort((a, b) => a - b),
    async advance(ms: number) {
      const end = time + ms;
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
      await settle();
    },
  };
}

export interface FakeRequest {
  path: string;
  query: string;
  headers: Headers;
  body: string;
  keepalive: boolean;
  signal: AbortSignal | undefined;
}

type Answer = Response | Error | "hang" | ((request: FakeRequest) => Response | Promise<Response>);

/** An edge on the other side of `fetch`; unless told otherwise it streams nothing and accepts every event. */
export function fakeEdge() {
  const requests: FakeRequest[] = [];
  const streams: { push(text: string): void; end(): void; break(): void; aborted: boolean }[] = [];
  const stored = new Map<string, TelltaleEvent>();
  const answers: Record<string, Answer[]> = {};
  const defaults: Record<string, (request: FakeRequest) => Response> = {
    "/v1/stream": ({ signal }) => {
      const encoder = new TextEncoder();
      let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
      const body = new ReadableStream<Uint8Array>({
        start: (one) => {
          controller = one;
        },
      });
      const stream = {
        push: (text: string) => controller?.enqueue(encoder.encode(text)),
        end: () => controller?.close(),
        break: () => controller?.error(new TypeError("network gone")),
        aborted: false,
      };
      signal?.addEventListener("abort", () => {
        stream.aborted = true;
        controller?.error(signal.reason);
      });
      streams.push(stream);
      return new Response(body);
    },
    "/v1/events": ({ body }) => {
      const { events } = JSON.parse(body) as { events: TelltaleEvent[] };
      for (const event of events) stored.set(event.id, event);
      return Response.json({ accepted: events.length, refused: [] });
    },
  };
  const fake: typeof fetch = async (input, init) => {
    const { pathname: path, search: query } = new URL(String(input));
    const signal = init?.signal ?? undefined;
    const request = {
      path,
      query,
      headers: new Headers(init?.headers),
      body: String(init?.body ?? ""),
      keepalive: init?.keepalive === true,
      signal,
    };
    requests.push(request);
    signal?.throwIfAborted();
    const answer = answers[path]?.shift() ?? defaults[path] ?? new Response(null, { status: 404 });
    if (answer instanceof Error) throw answer;
    if (answer === "hang") {
      return new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    }
    return answer instanceof Response ? answer : answer(request);
  };
  return {
    fetch: fake,
    requests,
    streams,
    /** Events by id: what arrived twice is here once. */
    stored,
    to: (path: string) => requests.filter((request) => request.path === path),
    /** The next requests to the path get these answers, one each. */
    answer(path: string, ...next: Answer[]) {
      answers[path] = [...(answers[path] ?? []), ...next];
    },
  };
}

/** A ruleset whose flags may split by account as well. */
export function rulesetOf(
  version: number,
  flags: Record<string, Partial<TestFlag>>,
  more: Parameters<typeof plainRuleset>[2] = {},
): Ruleset {
  const hints = { flushIntervalMs: 10_000, fastLane: false };
  return plainRuleset(version, flags, { attributes: ["targetingKey", "accountId"], hints, ...more });
}

export const on: Partial<TestFlag> = { serve: "on" };
export const experiment: Partial<TestFlag> = {
  serve: { seed: seedOf("lab"), ends: endsOf([50_000, 50_000]), variants: ["on", "off"], experiment: "lab" },
};

/** As an edge sends it, whatever a test changed in it. */
export const frame = (ruleset: Ruleset) =>
  `event: ruleset\nid: ${ruleset.version}\ndata: ${JSON.stringify(sealed(ruleset))}\n\n`;

/** A client's options on a fake clock and wire. */
export function optionsOf(
  edge: ReturnType<typeof fakeEdge>,
  clock: ReturnType<typeof fakeClock>,
): ClientOptions & { url: string } {
  return {
    key: "tt_client_test",
    url: "https://edge.test/",
    fetch: edge.fetch,
    now: clock.now,
    schedule: clock.schedule,
    random: () => 0.5,
  };
}

export const bootstrap = rulesetOf(7, {
  f: on,
  x: experiment,
  typo: { rules: [{ id: "r1", when: [{ attribute: "plan", op: "in", values: ["pro"] }], serve: "on" }] },
});

/** A client with `bootstrap` on a fake clock and wire, and its outcome. */
export function startClient(options: Partial<ClientOptions> = {}) {
  const edge = fakeEdge();
  const clock = fakeClock();
  const client = createClient({ ...optionsOf(edge, clock), bootstrap, ...options });
  const errors: string[] = [];
  client.on("error", (error) => errors.push(error.message));
  const events = <T extends TelltaleEvent["type"]>(type: T) =>
    [...edge.stored.values()].filter((event): event is Extract<TelltaleEvent, { type: T }> => event.type === type);
  return { edge, clock, client, errors, events, me: client.for({ targetingKey: "u-1", accountId: 42 }) };
}
