import { readdirSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ChaosWorld, createChaosWorld, KEY, scope } from "./fixtures.ts";

/** Against a real edge process with short patience; it must live through all of it, in the memory of one test. */
let world: ChaosWorld;
let pid: number;
const sockets: Socket[] = [];

beforeAll(async () => {
  world = await createChaosWorld();
  const patience = { HEADERS_TIMEOUT_MS: "1000", BODY_TIMEOUT_MS: "1000", SILENCE_TIMEOUT_MS: "3000" };
  // How late the loop is on a busy machine is none of these tests' matter.
  await world.startEdge({ ...patience, MAX_CONNECTIONS: "2500", MAX_LOOP_LAG_MS: "600000" });
  pid = world.edgePid();
});
afterAll(() => world?.[Symbol.asyncDispose]());
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  // Whatever it met, it is the same process and it takes events.
  expect(world.edgePid()).toBe(pid);
  expect((await send({ events: [purchase()] })).status).toBe(200);
  expect(await world.metric("telltale_edge_body_bytes")).toBe(0);
});

const AUTH = `Host: edge\r\nAuthorization: Bearer ${KEY}\r\n`;
let count = 0;
const purchase = (more: object = {}) => ({
  type: "track",
  id: `hostile-${++count}`,
  time: new Date().toISOString(),
  name: "purchase",
  units: { targetingKey: "u-42" },
  ...more,
});
const send = (body: unknown, headers: Record<string, string> = {}) =>
  world.edge("/v1/events", {
    method: "POST",
    headers,
    body:
      typeof body === "string" || body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
  });

function open(): Socket {
  const socket = connect(world.port, "127.0.0.1");
  socket.on("error", () => {});
  sockets.push(socket);
  return socket;
}
/** What the edge says before it closes the connection. */
function lastWords(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
    });
    socket.once("close", () => resolve(text));
  });
}
const openFiles = () => readdirSync(`/proc/${pid}/fd`).length;
const residentBytes = () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1_024;

describe("slow clients", () => {
  it.each([
    ["headers", `POST /v1/events HTTP/1.1\r\n${AUTH}`],
    ["a body", `POST /v1/events HTTP/1.1\r\n${AUTH}Content-Length: 1000\r\n\r\n{"events":`],
  ])("that do not finish %s are told so and cut", async (_, start) => {
    const socket = open();
    const words = lastWords(socket);
    socket.write(start);
    expect(await words).toMatch(/^HTTP\/1\.1 408 .*application\/problem\+json.*Send it again/s);
  });

  it("that say nothing are cut", async () => {
    const words = await lastWords(open());
    expect(words === "" || words.startsWith("HTTP/1.1 408")).toBe(true);
  });

  it("that do not read what they asked for are cut", async () => {
    const before = openFiles();
    const socket = open().pause();
    socket.write(`GET /metrics HTTP/1.1\r\n${AUTH}\r\n`.repeat(20_000));
    await expect.poll(openFiles, { timeout: 20_000 }).toBeGreaterThan(before);
    await expect.poll(openFiles, { timeout: 60_000 }).toBeLessThanOrEqual(before);
    expect(residentBytes()).toBeLessThan(600 << 20);
  });
});

describe("endless and oversized requests", () => {
  // A client that goes on sending may lose the answer to TCP's reset before it reads it: then it asks again.
  it("an endless chunked body ends with 413", { retry: 3 }, async () => {
    const socket = open();
    const words = lastWords(socket);
    socket.write(`POST /v1/events HTTP/1.1\r\n${AUTH}Transfer-Encoding: chunked\r\n\r\n`);
    const chunk = `10000\r\n${" ".repeat(65_536)}\r\n`;
    const feed = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on("drain", feed);
    feed();
    expect(await words).toMatch(/^HTTP\/1\.1 413 .*Send smaller batches/s);
  });

  it("headers above the limit end with 431, and what is not HTTP with 400", async () => {
    const ask = (text: string) => {
      const socket = open();
      const words = lastWords(socket);
      socket.write(text);
      return words;
    };
    expect(await ask(`GET /livez HTTP/1.1\r\nX: ${"x".repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 .*problem\+json/s,
    );
    expect(await ask("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")).toMatch(/^HTTP\/1\.1 400 .*problem\+json/s);
    const smuggled = await ask(`GET /v1/ruleset HTTP/1.1\r\n${AUTH}Origin: https://a\rSet-Cookie: stolen=1\r\n\r\n`);
    expect(smuggled).toMatch(/^HTTP\/1\.1 400 /);
    expect(smuggled).not.toContain("stolen");
  });

  it.each([
    ["depth", `{"events":${"[".repeat(500_000)}${"]".repeat(500_000)}}`, 400],
    ["depth that never ends", "[".repeat(1_000_000), 400],
    ["a million members", `{"events":[],${Array.from({ length: 60_000 }, (_, i) => `"k${i}":${i}`).join(",")}}`, 200],
    ["an endless number", `{"events":[${"9".repeat(1_000_000)}]}`, 200],
    ["bad UTF-8", new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), 400],
  ])("JSON of %s has an answer", async (_, body, status) => {
    expect((await send(body)).status).toBe(status);
  });

  it("names of Object's prototype are names like others, or refused, and pollute nothing", async () => {
    const hostile = `{"events":[${JSON.stringify(purchase({ id: "constructor", name: "toString", properties: { valueOf: 1 } }))},
      {"type":"__proto__","id":"p"},{"__proto__":{"type":"track"},"id":"q"},
      ${JSON.stringify(purchase()).replace('"targetingKey"', '"__proto__"')}]}`;
    const receipt: unknown = await (await send(hostile)).json();
    expect(receipt).toMatchObject({ accepted: 1, refused: [{ index: 1 }, { index: 2 }, { index: 3 }] });
    expect((await world.store.eventIds({ ...scope, from: new Date(0) })).has("constructor")).toBe(true);
  });
});

describe("floods", () => {
  it("of gzip bombs are refused, each in the memory of an honest body", async () => {
    const bomb = gzipSync(Buffer.alloc(200 << 20), { level: 9 });
    const before = residentBytes();
    for (let round = 0; round < 4; round++) {
      const statuses = await Promise.all(
        Array.from({ length: 50 }, async () => (await send(bomb, { "content-encoding": "gzip" })).status),
      );
      expect(new Set(statuses)).toEqual(new Set([413]));
    }
    // 40 GB came out of nothing; 200 honest megabytes would be all of them at once.
    expect(residentBytes() - before).toBeLessThan(250 << 20);
  });

  it("of bodies that stop halfway give way to one that comes whole", async () => {
    const half = `POST /v1/events HTTP/1.1\r\n${AUTH}Content-Length: 1000000\r\n\r\n${" ".repeat(900_000)}`;
    const before = residentBytes();
    for (let i = 0; i < 120; i++) open().write(half);
    for (let i = 0; i < 20; i++) expect((await send({ events: [purchase()] })).status).toBe(200);
    expect(residentBytes() - before).toBeLessThan(250 << 20);
  });

  it("of idle connections leave it at work, and those above the bound are closed", async () => {
    const before = openFiles();
    const all: Socket[] = [];
    while (all.length < 3_000) {
      // In groups that the kernel's queue of new connections can hold.
      const group = Array.from({ length: 250 }, () => open().resume());
      await Promise.all(group.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
      all.push(...group);
    }
    expect(openFiles()).toBeLessThanOrEqual(2_500 + before);
    for (const socket of all.slice(0, 1_000)) socket.destroy();
    await expect.poll(async () => (await world.edge("/livez").catch(() => undefined))?.status).toBe(200);
    // The others are cut when their headers have not come in time.
    await expect.poll(openFiles, { timeout: 60_000 }).toBeLessThanOrEqual(before + 10);
  });
});
