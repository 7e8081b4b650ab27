import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { afterEach, describe, expect, it } from "vitest";
import { createWorld, SERVER_KEY, track } from "../fake-world.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { harden, SERVER_LIMITS } from "./harden.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** What is said to a request whose body waits for “100 Continue”; it is sent when that comes. */
async function expectContinue(path: string, body: string, declared = Buffer.byteLength(body)): Promise<string> {
  server = createServer(getRequestListener(createWorld().edge.fetch, { overrideGlobalObjects: false }));
  harden(server, SERVER_LIMITS, DEFAULT_LIMITS);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  let said = "";
  socket.on("data", (chunk) => {
    said += chunk;
    if (said === "HTTP/1.1 100 Continue\r\n\r\n") socket.write(body);
    else if (said.includes("\r\n\r\n{")) socket.end();
  });
  const over = new Promise((resolve) => socket.once("close", resolve));
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer ${SERVER_KEY}\r\nExpect: 100-continue\r\nContent-Length: ${declared}\r\n\r\n`,
  );
  await over;
  return said;
}

describe("a sender that asks before it sends its body", () => {
  it.each([
    ["/v1/events", DEFAULT_LIMITS.bodyBytes + 1],
    ["/ofrep/v1/evaluate/flags", 65_537],
    ["/ofrep/v1/evaluate/flags/banner", 65_537],
  ])("%s is told at once that it is too large", async (path, declared) => {
    expect(await expectContinue(path, "", declared)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("is told to go on where it is not", async () => {
    const body = JSON.stringify({ events: [track()] });
    expect(await expectContinue("/v1/events", body)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
    expect(await expectContinue("/ofrep/v1/evaluate/flags", '{"context":{}}')).toMatch(
      /^HTTP\/1\.1 100 .*HTTP\/1\.1 /s,
    );
  });
});
