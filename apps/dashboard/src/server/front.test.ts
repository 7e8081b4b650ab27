import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { createFront, type Front, type FrontOptions } from "./front.ts";

const KILOBYTE = 1024;
const fronts: Front[] = [];
afterEach(async () => {
  for (const front of fronts.splice(0)) await front.stop(0);
});

/** A front that answers with the body it was given, and takes a kilobyte. */
async function start(more: Partial<FrontOptions> = {}) {
  const handled: string[] = [];
  const front = createFront({
    handle: async (asked, response) => {
      const body = await text(asked);
      handled.push(body);
      response.end(body);
    },
    bodyLimit: () => KILOBYTE,
    prepare: () => undefined,
    onError: (error) => handled.push(String(error)),
    ...more,
  });
  fronts.push(front);
  front.server.listen(0, "127.0.0.1");
  await once(front.server, "listening");
  const { port } = front.server.address() as AddressInfo;
  return { front, port, handled, url: `http://127.0.0.1:${port}/` };
}

/** Sends pieces without saying how many there will be. */
async function sendPieces(port: number, count: number, size: number) {
  const sending = request({ port, host: "127.0.0.1", method: "POST" });
  const answered = once(sending, "response");
  for (let index = 0; index < count; index++) sending.write("x".repeat(size));
  sending.end();
  const sent = once(sending, "close");
  const [answer] = (await answered) as [IncomingMessage];
  const body = await text(answer);
  await sent;
  return { status: answer.statusCode, body };
}

describe("a body", () => {
  it("comes whole, in pieces and at once", async () => {
    const { url, port } = await start();
    for (const body of ["", "a", "x".repeat(KILOBYTE)]) {
      expect(await (await fetch(url, { method: "POST", body })).text()).toBe(body);
    }
    expect(await sendPieces(port, 4, 256)).toEqual({ status: 200, body: "x".repeat(KILOBYTE) });
    expect(await (await fetch(url)).text()).toBe("");
  });

  it("that says to be too large is refused with a sentence, before anybody handles it", async () => {
    const { url, handled } = await start();
    const answer = await fetch(url, { method: "POST", body: "x".repeat(KILOBYTE + 1) });
    expect(answer.status).toBe(413);
    const { error } = (await answer.json()) as { error: { json: { data: { telltale: object } } } };
    expect(error.json.data.telltale).toEqual({
      code: "INVALID",
      message: "This is too large: at most 1 kB are taken here. Send less at once.",
    });
    expect(handled).toEqual([]);
  });

  it("that turns out to be too large is refused the same, and the connection can be used again", async () => {
    const { url, port, handled } = await start();
    expect(await sendPieces(port, 3_000, 1_000)).toMatchObject({ status: 413 });
    expect(handled).toEqual([]);
    expect(await (await fetch(url, { method: "POST", body: "small" })).text()).toBe("small");
  });

  it("is not asked for when it is too large", async () => {
    const { port } = await start();
    const headers = { expect: "100-continue", "content-length": String(KILOBYTE + 1) };
    const asking = request({ port, host: "127.0.0.1", method: "POST", headers });
    let asked = false;
    asking.on("continue", () => {
      asked = true;
    });
    asking.flushHeaders();
    const [answer] = (await once(asking, "response")) as [IncomingMessage];
    expect([answer.statusCode, answer.headers.connection, asked]).toEqual([413, "close", false]);
  });

  it("that never comes to its end is forgotten with its connection", async () => {
    const { port, handled, url } = await start();
    const socket = connect(port, "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nhalf");
    await once(socket, "connect");
    socket.destroy();
    await fetch(url);
    expect(handled).toEqual([""]);
  });
});

describe("stopping", () => {
  it("finishes what was asked, and does not wait for a connection that is kept open", async () => {
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const { front, port } = await start({
      handle: async (_asked, response) => {
        await held;
        response.end("done");
      },
    });
    const socket = connect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
    await once(front.server, "request");
    const answer = text(socket);
    const stopped = front.stop(60_000);
    letGo();
    await stopped;
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*connection: close[\s\S]*done/i);
  });

  it("ends under traffic that goes on over connections that stay", async () => {
    const { front, url } = await start();
    let isGoing = true;
    const clients = Promise.all(
      Array.from({ length: 8 }, async () => {
        while (isGoing) await fetch(url).catch(() => undefined);
      }),
    );
    await fetch(url);
    await front.stop(60_000);
    isGoing = false;
    await clients;
    await expect(fetch(url)).rejects.toThrow();
  });

  it("cuts what does not end in time", async () => {
    const { front, port } = await start({ handle: async () => undefined });
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await once(front.server, "request");
    await front.stop(0);
  });
});
