import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { sealed, type TelltaleEvent } from "@telltale/evaluator";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { experiment, on, rulesetOf } from "./fakes.ts";

/** The README's program for workers, in the runtime that Cloudflare's are: it must run as it stands there. */

const ruleset = (version: number) => sealed(rulesetOf(version, { "new-checkout": on, lab: experiment }));

/** An edge of which a worker sees nothing but HTTP. */
async function startEdge() {
  const stored = new Map<string, TelltaleEvent>();
  const asked: string[] = [];
  let version = 1;
  let isDown = false;
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (isDown) return void request.socket.destroy();
    if (request.method === "GET") return void response.end(JSON.stringify(ruleset(version)));
    let body = "";
    request.on("data", (piece) => {
      body += piece;
    });
    request.on("end", () => {
      const { events } = JSON.parse(body) as { events: TelltaleEvent[] };
      for (const event of events) stored.set(event.id, event);
      response.end(JSON.stringify({ accepted: events.length, refused: [] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stored,
    tracked: () => [...stored.values()].filter(({ type }) => type === "track"),
    publish: (next: number) => {
      version = next;
    },
    setDown: (down: boolean) => {
      isDown = down;
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

let edge: Awaited<ReturnType<typeof startEdge>>;
let worker: Miniflare | undefined;
beforeEach(async () => {
  edge = await startEdge();
});
afterEach(async () => {
  await worker?.dispose();
  worker = undefined;
  edge.stop();
});

/** Bundles a worker as its author would. */
async function startWorker(source: string, compatibilityDate: string): Promise<Miniflare> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL(".", import.meta.url)), loader: "ts" },
    alias: { "@telltale/sdk": fileURLToPath(new URL("./index.ts", import.meta.url)) },
    bundle: true,
    format: "esm",
    platform: "browser",
    conditions: ["workerd", "worker", "browser"],
    write: false,
    logLevel: "silent",
  });
  const script = outputFiles[0]?.text ?? "";
  worker = new Miniflare({ modules: true, script, compatibilityDate, log: undefined });
  await worker.ready;
  return worker;
}

async function readme(): Promise<string> {
  const text = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, code = ""] = /## In workers[\s\S]*?```ts\n([\s\S]*?)```/.exec(text) ?? [];
  expect(code).toContain("waitUntil");
  return code.replace("https://edge.example.com", edge.url);
}

/** A worker that also says what the SDK told it. */
const talkative = (options: string) => `
  import { createClient } from "@telltale/sdk";
  const told = [];
  const telltale = createClient({ key: "tt_server_x", url: "${edge.url}", ${options} });
  telltale.on("error", ({ message }) => told.push(message));
  export default {
    async fetch(request, _env, ctx) {
      const { ready } = await telltale.ready({ timeoutMs: 5_000 });
      const me = telltale.for({ targetingKey: new URL(request.url).pathname });
      const value = me.value("new-checkout", false);
      me.value("lab", false);
      me.track("visit");
      ctx.waitUntil(telltale.flush());
      return Response.json({ ready, value, told, ...telltale.status() });
    },
  };`;

/** One with promises of other requests handled by the runtime, and one from before. */
const dates = ["2026-04-01", "2024-01-01"];

describe.each(dates)("in a worker of %s", { timeout: 60_000 }, (date) => {
  const ask = async (path = "/") => (await worker?.dispatchFetch(`http://worker.test${path}`))?.json() as never;

  it("the README's program starts, decides, and every event arrives", async () => {
    const started = await startWorker(await readme(), date);
    for (const user of ["a", "b", "c"]) {
      const response = await started.dispatchFetch("http://worker.test/", { headers: { cookie: `user=${user}` } });
      expect([response.status, await response.text()]).toEqual([200, "new"]);
    }
    await expect.poll(() => edge.tracked().length).toBe(3);
    expect(edge.asked.filter((one) => one.includes("/v1/stream"))).toEqual([]);
  });

  it("requests at once share no connection: all are answered, every event arrives once", async () => {
    await startWorker(talkative(""), date);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(`/u-${i}`)));
    for (const answer of answers) expect(answer).toMatchObject({ ready: true, value: true, told: [], state: "ready" });
    await expect.poll(() => edge.tracked().length).toBe(20);
    expect([...edge.stored.values()].filter(({ type }) => type === "exposure")).toHaveLength(20);
  });

  it("a new ruleset comes between requests", async () => {
    await startWorker(talkative("pollIntervalMs: 1"), date);
    expect(await ask()).toMatchObject({ version: 1, source: "poll" });
    edge.publish(2);
    await expect.poll(async () => (await ask()) as { version: number }).toMatchObject({ version: 2, told: [] });
  });

  it("without an edge it answers defaults or its bootstrap, and sends what waited when the edge is back", async () => {
    edge.setDown(true);
    await startWorker(talkative(`bootstrap: ${JSON.stringify(JSON.stringify(ruleset(1)))}`), date);
    expect(await ask("/a")).toMatchObject({
      ready: true,
      value: true,
      source: "bootstrap",
      told: [expect.any(String)],
    });
    edge.setDown(false);
    await expect.poll(async () => (await ask("/b")) as object, { timeout: 20_000 }).toMatchObject({ source: "poll" });
    await expect.poll(async () => (await ask("/c")) && edge.tracked().length, { timeout: 20_000 }).toBeGreaterThan(3);
    const units = edge.tracked().map((event) => event.type === "track" && event.units.targetingKey);
    expect(units).toContain("/a");
  });
});
