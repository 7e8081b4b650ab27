import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { serve } from "@hono/node-server";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { afterEach, describe, expect, it, vi } from "vitest";
import { rulesetOf, startClient } from "../fakes.ts";
import {
  type WatchedServer,
  watchConnect,
  watchFastify,
  watchHono,
  watchListener,
  watchRoute,
  withWatch,
} from "./node.ts";

const UNITS = Array.from({ length: 12 }, (_, i) => `u-${i}`);
const watched = { f: { by: "targetingKey", above: { latency: -1 } }, g: { by: "targetingKey" } };
const bootstrap = rulesetOf(
  7,
  { f: { serve: "on" }, g: {} },
  { hints: { flushIntervalMs: 10_000, fastLane: true, watched } },
);

function start() {
  const { client, clock, events } = startClient({ bootstrap });
  const telltale = withWatch(client, { schedule: clock.schedule });
  /** Sums of what was observed, by metric, flag and variant: observations and failing units. */
  const reported = async () => {
    await telltale.flush();
    const sums: Record<string, [count: number, units: number]> = {};
    for (const { metric, flag, variant, count, units } of events("observations")) {
      const [counts, failing] = sums[`${metric} ${flag}=${variant}`] ?? [0, 0];
      sums[`${metric} ${flag}=${variant}`] = [counts + count, failing + (units?.units.length ?? 0)];
    }
    return sums;
  };
  return { telltale, reported };
}

/** What a server does for `/unit/outcome`: it evaluates before and after it waits, and then ends as it is asked to. */
async function handle(telltale: WatchedServer, path: string): Promise<number> {
  const [, targetingKey = "", outcome = ""] = path.split("/");
  const me = telltale.for({ targetingKey });
  me.value("f", false);
  await turn();
  await new Promise((resolve) => setTimeout(resolve, 1));
  me.value("g", true);
  await turn();
  if (outcome === "throw") throw new Error("asked to");
  return Number(outcome);
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A server of each kind that does `handle`; answers its address. */
const kinds: Record<string, (telltale: WatchedServer) => Server | Promise<Server>> = {
  http: (telltale) => {
    const listener: RequestListener = async ({ url = "" }, response) => {
      try {
        response.writeHead(await handle(telltale, url)).end();
      } catch (cause) {
        response.destroy();
        throw cause;
      }
    };
    const watching = watchListener(telltale, listener as (...given: Parameters<RequestListener>) => Promise<void>);
    // The outcome is passed on, to whoever wants it.
    return createServer((request, response) => void watching(request, response).catch(() => {})).listen(0, "127.0.0.1");
  },
  express: (telltale) => {
    const app = express();
    app.use(watchConnect(telltale));
    app.use(express.json());
    app.use(async (request, response) => void response.status(await handle(telltale, request.path)).end());
    app.use((_cause: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
      response.status(500).end();
    });
    return app.listen(0, "127.0.0.1");
  },
  fastify: async (telltale) => {
    const app = fastify();
    await app.register(watchFastify(telltale));
    app.all("*", async (request, reply) => reply.code(await handle(telltale, request.url)).send());
    await app.listen({ port: 0, host: "127.0.0.1" });
    return app.server;
  },
  hono: (telltale) => {
    const app = new Hono();
    app.use(watchHono(telltale));
    app.all("*", async (context) => context.body(null, (await handle(telltale, context.req.path)) as 200));
    app.onError((_cause, context) => context.text("sorry", 500));
    return serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }) as Server;
  },
};

async function listen(name: string, telltale: WatchedServer): Promise<{ url: string; server: Server }> {
  const server = await kinds[name]?.(telltale);
  if (!server) throw new Error(name);
  servers.push(server);
  await vi.waitFor(() => expect(server.listening).toBe(true));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** Sends a body whose end comes when the server has the request, so that it is read when others are. */
async function post(server: Server, url: string, path: string): Promise<void> {
  const arrived = new Promise<void>((resolve) => {
    server.on("request", (request) => request.url === path && resolve());
  });
  const pieces = ['{"a"', ":1}"].map((piece) => new TextEncoder().encode(piece));
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(pieces[0]),
    async pull(controller) {
      await arrived;
      await turn();
      controller.enqueue(pieces[1]);
      controller.close();
    },
  });
  const headers = { "content-type": "application/json" };
  const init: RequestInit & { duplex: "half" } = { method: "POST", body, headers, duplex: "half" };
  await (await fetch(url + path, init)).arrayBuffer();
}

describe.each(Object.keys(kinds))("requests to %s", (name) => {
  it("have what became of them booked to what they evaluated, also after they waited, and while others are under way", async () => {
    const { telltale, reported } = start();
    const { url, server } = await listen(name, telltale);
    await Promise.all(
      UNITS.map(async (unit, i) => {
        const path = `/${unit}/${["200", "404", "500", "503"][i % 4]}`;
        if (i % 2) await post(server, url, path);
        else await (await fetch(url + path)).arrayBuffer();
      }),
    );
    // A response is finished a little after its caller has it.
    await vi.waitFor(async () => expect((await reported())["latency g=off"]).toEqual([12, 0]));
    expect(await reported()).toEqual({
      "exposed f=on": [12, 12],
      "exposed g=off": [12, 12],
      "error f=on": [6, 6],
      "error g=off": [6, 6],
      // All are above f's threshold.
      "latency f=on": [12, 12],
      "latency g=off": [12, 0],
    });
    await telltale.close();
  });

  it("that throw are errors", async () => {
    const { telltale, reported } = start();
    const { url } = await listen(name, telltale);
    await fetch(`${url}/u-1/throw`).catch(() => {});
    await vi.waitFor(async () =>
      expect(await reported()).toMatchObject({ "error f=on": [1, 1], "error g=off": [1, 1] }),
    );
    await telltale.close();
  });
});

it("a request that somebody else answers is booked to what it evaluated", async () => {
  const { telltale, reported } = start();
  const waiting: ServerResponse[] = [];
  const listener: RequestListener = (_request, response) => {
    telltale.for({ targetingKey: "u-1" }).value("f", false);
    waiting.push(response);
  };
  const server = createServer(watchListener(telltale, listener)).listen(0, "127.0.0.1");
  servers.push(server);
  await vi.waitFor(() => expect(server.listening).toBe(true));
  const answer = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  waiting[0]?.writeHead(502).end();
  await answer;
  await vi.waitFor(async () =>
    expect(await reported()).toMatchObject({ "error f=on": [1, 1], "latency f=on": [1, 1] }),
  );
  await telltale.close();
});

describe("a route handler of Next.js", () => {
  const call = async (outcome: () => Response | Promise<Response>) => {
    const { telltale, reported } = start();
    const route = watchRoute(telltale, async (request: Request) => {
      telltale.for({ targetingKey: request.url }).value("f", false);
      await turn();
      return outcome();
    });
    const result = await route(new Request("https://shop.test/")).catch((cause: unknown) => cause);
    const { "error f=on": error, "latency f=on": latency } = await reported();
    await telltale.close();
    return { result, error, latency };
  };
  const thrown = (cause: unknown) => () => {
    throw cause;
  };

  it("answers what it answers", async () => {
    const response = Response.json({}, { status: 201 });
    expect(await call(() => response)).toEqual({ result: response, error: undefined, latency: [1, 1] });
    expect(await call(() => new Response(null, { status: 500 }))).toMatchObject({ error: [1, 1], latency: [1, 1] });
  });

  it("throws what it throws; a redirect is no failure", async () => {
    const cause = new Error("no");
    expect(await call(thrown(cause))).toEqual({ result: cause, error: [1, 1], latency: undefined });
    const redirect = Object.assign(new Error("NEXT_REDIRECT"), { digest: "NEXT_REDIRECT;replace;/;307;" });
    expect(await call(thrown(redirect))).toEqual({ result: redirect, error: undefined, latency: undefined });
    expect((await call(thrown(null))).error).toEqual([1, 1]);
  });
});

describe("a scope", () => {
  it("is its own, whatever others do meanwhile; outside of any, nothing is booked", async () => {
    const { telltale, reported } = start();
    telltale.for({ targetingKey: "outside" }).value("f", false);
    telltale.observe("error");
    const evaluated = telltale.scope(async () => {
      telltale.for({ targetingKey: "a" }).value("f", false);
      telltale.for({ targetingKey: "b" }).value("f", false);
      await turn();
      telltale.observe("error");
      return "answer";
    });
    await telltale.scope(async () => telltale.observe("error"));
    expect(await evaluated).toBe("answer");
    // Both units that the request decided for.
    expect(await reported()).toEqual({ "exposed f=on": [3, 3], "error f=on": [2, 2] });
    await telltale.close();
  });

  it("throws what its work throws", () => {
    const { telltale } = start();
    expect(() =>
      telltale.scope(() => {
        throw new Error("mine");
      }),
    ).toThrow("mine");
  });

  it("leaves no listener behind when its client is closed", async () => {
    const before = process.listenerCount("beforeExit");
    const { telltale } = start();
    expect(process.listenerCount("beforeExit")).toBe(before + 1);
    await telltale.close();
    expect(process.listenerCount("beforeExit")).toBe(before);
  });
});

const type = "text/event-stream";
const streams: [string, Record<string, string>, (response: ServerResponse) => ServerResponse][] = [
  ["by its header", {}, (response) => response.setHeader("content-type", `${type}; charset=utf-8`)],
  ["that a browser asked for", { accept: type }, (response) => response.writeHead(500, { "content-type": type })],
];
it.each(streams)("a stream of events, known %s, has no latency, and still an outcome", async (_how, headers, begin) => {
  const { telltale, reported } = start();
  const listener: RequestListener = (_request, response) => {
    telltale.for({ targetingKey: "u-1" }).value("f", false);
    response.statusCode = 500;
    begin(response).end("data: {}\n\n");
  };
  const server = createServer(watchListener(telltale, listener)).listen(0, "127.0.0.1");
  servers.push(server);
  await vi.waitFor(() => expect(server.listening).toBe(true));
  const { port } = server.address() as AddressInfo;
  await (await fetch(`http://127.0.0.1:${port}`, { headers })).text();
  await vi.waitFor(async () => expect(await reported()).toMatchObject({ "error f=on": [1, 1] }));
  expect(await reported()).not.toHaveProperty("latency f=on");
  await telltale.close();
});
