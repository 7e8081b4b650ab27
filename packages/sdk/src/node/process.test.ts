import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TelltaleEvent } from "@telltale/evaluator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { frame, on, rulesetOf } from "../fakes.ts";

/** Programs that forget `close()`, in processes of their own: they end, and what they tracked arrives. */

const hints = { flushIntervalMs: 10_000, fastLane: false, watched: { f: { by: "targetingKey" } } };
const ruleset = rulesetOf(3, { f: on }, { hints });
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const stream: Answer = (_request, response) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(`retry: 2000\n: hb\n\n${frame(ruleset)}`);
};
const document: Answer = (_request, response) => void response.end(JSON.stringify(ruleset));
const silence: Answer = () => {};
const busy: Answer = (_request, response) => void response.writeHead(503).end();

async function startEdge() {
  const tracked: string[] = [];
  const observed: string[] = [];
  const sent: Answer[] = [];
  const answers = { stream, document };
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/base/v1/stream")) return answers.stream(request, response);
    if (request.url?.startsWith("/base/v1/ruleset")) return answers.document(request, response);
    let body = "";
    request.on("data", (piece) => {
      body += piece;
    });
    request.on("end", () => {
      const answer = sent.shift();
      if (answer) return answer(request, response);
      const { events } = JSON.parse(body) as { events: TelltaleEvent[] };
      tracked.push(...events.flatMap((event) => (event.type === "track" ? [event.name] : [])));
      observed.push(...events.flatMap((event) => (event.type === "observations" ? [event.metric] : [])));
      response.end(JSON.stringify({ accepted: events.length, refused: [] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`;
  return { url, tracked, observed, sent, answers, server };
}

let edge: Awaited<ReturnType<typeof startEdge>>;
let folder: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  edge = await startEdge();
  folder = await mkdtemp(join(tmpdir(), "telltale-process-"));
});
afterEach(async () => {
  child?.kill("SIGKILL");
  edge.server.closeAllConnections();
  edge.server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a program to its end; answers its code and what it wrote. One that never ends fails by the test's timeout. */
async function run(program: string, options = ""): Promise<[number | null, string]> {
  const index = new URL("./index.ts", import.meta.url).href;
  const text = `
    import { createClient } from ${JSON.stringify(index)};
    const client = createClient({ key: "k", url: ${JSON.stringify(edge.url)}, ${options} });
    const me = client.for({ targetingKey: "u" });
    ${program}`;
  await writeFile(join(folder, "program.mts"), text);
  const running = spawn(process.execPath, ["--import", "tsx", join(folder, "program.mts")], {
    cwd: fileURLToPath(new URL("../../../../scripts", import.meta.url)),
    stdio: ["ignore", "pipe", "inherit"],
  });
  child = running;
  let written = "";
  running.stdout.on("data", (piece) => {
    written += piece;
  });
  const code = await new Promise<number | null>((resolve) => running.once("exit", resolve));
  return [code, written.trim()];
}

describe("a program that forgets to close its client", { timeout: 60_000 }, () => {
  it.each<[string, string]>([
    ["while it streams", ""],
    ["while it polls", "stream: false, pollIntervalMs: 20"],
    ["with nothing to send by itself", "flushIntervalMs: 1e9"],
  ])("ends, and what it tracked arrives: %s", async (_name, options) => {
    const program = `await client.ready(); me.track("a"); console.log(me.value("f", false)); me.track("b");`;
    expect(await run(program, options)).toEqual([0, "true"]);
    expect(edge.tracked).toEqual(["a", "b"]);
  });

  it("ends while it watches, and what it observed arrives", async () => {
    const watch = new URL("../watch/node.ts", import.meta.url).href;
    const program = `
      const { withWatch } = await import(${JSON.stringify(watch)});
      const shop = withWatch(client);
      await shop.ready();
      shop.scope(() => { shop.for({ targetingKey: "u" }).value("f", false); shop.observe("error"); });`;
    expect(await run(program)).toEqual([0, ""]);
    expect(edge.observed).toEqual(["exposed", "error"]);
  });

  it("ends where it asked nothing", async () => {
    expect(await run("")).toEqual([0, ""]);
  });

  it("ends after it has used its client for a while, over connections that were used before", async () => {
    const program = `
      await client.ready();
      for (let i = 0; i < 3; i++) { me.track("e" + i); await client.flush(); }
      await new Promise((resolve) => setTimeout(resolve, 100));
      me.track("last");`;
    expect(await run(program, "stream: false, pollIntervalMs: 10")).toEqual([0, ""]);
    expect(edge.tracked).toEqual(["e0", "e1", "e2", "last"]);
  });

  it.each<[string, Answer]>([
    ["silent", silence],
    ["away", (request) => void request.socket.destroy()],
    ["busy", busy],
  ])("ends, and is not kept long by an edge that is %s", async (_name, answer) => {
    edge.answers.stream = answer;
    edge.answers.document = answer;
    edge.sent.push(...new Array(20).fill(answer));
    expect(await run(`me.track("a");`)).toEqual([0, ""]);
    // A few attempts, and no loop of them.
    expect(edge.sent.length).toBeGreaterThanOrEqual(10);
    expect(edge.tracked).toEqual([]);
  });

  it("tries again when it could not send at its end", async () => {
    edge.sent.push(busy, busy);
    expect(await run(`me.track("a");`)).toEqual([0, ""]);
    expect(edge.tracked).toEqual(["a"]);
  });
});

describe("a program that waits for its client is not ended", { timeout: 60_000 }, () => {
  it("for `ready()`", async () => {
    edge.answers.stream = (request, response) => void setTimeout(() => stream(request, response), 300);
    expect(await run(`console.log((await client.ready()).source);`)).toEqual([0, "stream"]);
  });

  it("for `ready({ timeoutMs })`", async () => {
    edge.answers.stream = silence;
    expect(await run(`console.log((await client.ready({ timeoutMs: 200 })).ready);`)).toEqual([0, "false"]);
  });

  it("for `close()`", async () => {
    edge.sent.push(busy);
    const program = `me.track("a"); await client.close(); console.log(client.status().acknowledged);`;
    expect(await run(program)).toEqual([0, "1"]);
  });
});

it("a client that is closed leaves no listener behind", { timeout: 60_000 }, async () => {
  const program = `
    const others = Array.from({ length: 20 }, () => createClient({ key: "k", url: ${JSON.stringify(edge.url)} }));
    const before = process.listenerCount("beforeExit");
    await Promise.all([client, ...others].map((one) => one.close()));
    console.log(before, process.listenerCount("beforeExit"));`;
  expect(await run(program)).toEqual([0, "1 0"]);
});
