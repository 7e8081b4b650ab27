import { once } from "node:events";
import { createServer } from "node:http";
import { expect, it } from "vitest";
import type { Edge } from "./app.ts";
import { drain } from "./drain.ts";

/** An edge with so many streams that writes down what it is told. */
async function recorded(count: number, options: { drainMs: number; hurry?: AbortSignal }) {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const told: string[] = [];
  let streams = count;
  const tell = (what: string) => told.push(server.listening ? what : `${what}, deaf`);
  const edge: Edge = {
    fetch: () => new Response(),
    rulesetChanged: () => undefined,
    rulesetReleased: () => undefined,
    keysChanged: () => undefined,
    tick: () => undefined,
    get streams() {
      return streams;
    },
    leave: () => void tell("leave"),
    moveStreams(some) {
      streams -= Math.min(some, streams);
      tell(`move ${some}`);
    },
    stop: async () => void tell("stop"),
  };
  await drain({ edge, server, timeoutMs: 1_000, hurry: new AbortController().signal, ...options });
  return { told, streams, isListening: server.listening };
}

it("says that it leaves, moves the streams a few at a time while it serves, and only then is deaf", async () => {
  const { told, streams, isListening } = await recorded(1_003, { drainMs: 1_250 });
  expect([told[0], told.at(-1), streams, isListening]).toEqual(["leave", "stop, deaf", 0, false]);
  const moves = told.slice(1, -1).map((line) => Number(/^move (\d+)$/.exec(line)?.[1]));
  expect(moves).toEqual([101, 101, 101, 100, 100, 100, 100, 100, 100, 100]);
});

it("does not wait where nothing is to be drained, or when it is hurried", async () => {
  expect((await recorded(5, { drainMs: 0 })).told).toEqual(["leave", "stop, deaf"]);
  expect((await recorded(5, { drainMs: 3_600_000, hurry: AbortSignal.abort() })).told).toEqual(["leave", "stop, deaf"]);
});
