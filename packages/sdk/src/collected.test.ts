import http, { type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { collectMemory } from "@telltale/testing/memory";
import { expect, it, vi } from "vitest";
import { createClient } from "./client.ts";
import { fakeClock, frame, on, rulesetOf } from "./fakes.ts";

// Until Node 22 there are requests whose signal `fetch` forgets when memory is collected (those of `redirect: "error"`).

/** A real edge's stream: one ruleset, then silence. */
async function silentEdge() {
  const open = new Set<ServerResponse>();
  let streams = 0;
  const server = http.createServer((request, response) => {
    if (!request.url?.startsWith("/v1/stream")) return void response.writeHead(503).end();
    streams++;
    open.add(response);
    response.once("close", () => open.delete(response));
    response.writeHead(200, { "content-type": "text/event-stream" }).write(frame(rulesetOf(1, { f: on })));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open,
    streams: () => streams,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

it("leaves a stream that fell silent after memory was collected, and opens another", async () => {
  await using edge = await silentEdge();
  const clock = fakeClock();
  const { now, schedule } = clock;
  const client = createClient({ url: edge.url, key: "tt_client_test", now, schedule, random: () => 0.5 });
  await client.ready();
  await collectMemory();
  await clock.advance(40_000);
  await vi.waitFor(() => expect(edge.open.size).toBe(0));
  await clock.advance(5_000);
  await vi.waitFor(() => expect(edge.streams()).toBe(2));
  await client.close();
});

it("lets go of its stream when it is closed after memory was collected", async () => {
  await using edge = await silentEdge();
  const client = createClient({ url: edge.url, key: "tt_client_test" });
  await client.ready();
  await collectMemory();
  expect(edge.open.size).toBe(1);
  await client.close();
  await vi.waitFor(() => expect(edge.open.size).toBe(0));
});
