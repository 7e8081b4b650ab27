import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bootstrap, rulesetOf, settle, startClient } from "./fakes.ts";
import { withHooks } from "./hooks.ts";
import { fileStorage } from "./node.ts";
import { withOverrides } from "./overrides.ts";
import { createTestClient } from "./testing.ts";

describe("hooks", () => {
  it("run around evaluations, not around peeks", async () => {
    const seen: unknown[] = [];
    const { client } = startClient();
    const hooked = withHooks(client, {
      before: (flag, context) => void seen.push(["before", flag, context.plan]),
      after: (flag, { value, reason }) => void seen.push(["after", flag, value, reason]),
    });
    const me = hooked.for({ targetingKey: "u", plan: "pro" });
    expect(me.value("f", false)).toBe(true);
    expect(me.evaluate("typo", false).value).toBe(true);
    me.peek("f", false);
    expect(seen).toEqual([
      ["before", "f", "pro"],
      ["after", "f", true, "STATIC"],
      ["before", "typo", "pro"],
      ["after", "typo", true, "TARGETING_MATCH"],
    ]);
    await hooked.close();
  });

  it("that throw change nothing, even when telling throws too", async () => {
    const causes: unknown[] = [];
    const fail = () => {
      throw new Error("no");
    };
    const { client } = startClient();
    const told = withHooks(client, { before: fail, after: fail, onError: (cause) => void causes.push(cause) });
    expect(told.for({ targetingKey: "u" }).value("f", false)).toBe(true);
    expect(causes).toHaveLength(2);
    expect(withHooks(client, { before: fail, onError: fail }).for({}).value("f", false)).toBe(true);
    await client.close();
  });
});

describe("overrides", () => {
  const relaxed = { ...bootstrap, hints: { ...bootstrap.hints, overrides: true as const } };
  const memory = () => {
    const kept = new Map<string, string>();
    return {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, text: string) => void kept.set(name, text),
    };
  };

  it("decide instead of the ruleset, unseen by results, until they are taken back", async () => {
    const { client, events } = startClient({ bootstrap: relaxed });
    const storage = memory();
    const telltale = withOverrides(client, { storage, url: "https://shop.test/?telltale.x=true&a=1#x" });
    const changes: string[][] = [];
    telltale.on("change", ({ flags }) => void changes.push(flags));
    const me = telltale.for({ targetingKey: "u-1" });
    expect(me.evaluate("x", false)).toMatchObject({ value: true, variant: "override", reason: "STATIC" });
    telltale.overrides.set("f", false);
    expect(me.value("f", true)).toBe(false);
    expect(me.value("f", "another type")).toBe("another type");
    expect(withOverrides(client, { storage }).overrides.all()).toEqual({ x: true, f: false });
    telltale.overrides.clear();
    expect(me.value("f", false)).toBe(true);
    expect(changes).toEqual([["f"], ["x", "f"]]);
    await telltale.close();
    expect(events("exposure")).toEqual([]);
    expect(events("evaluations").map(({ flag }) => flag)).toEqual(["f"]);
  });

  it("have no effect where the environment does not allow them, unless always", async () => {
    const { client } = startClient();
    expect(
      withOverrides(client, { flags: { f: false } })
        .for({})
        .value("f", false),
    ).toBe(true);
    expect(
      withOverrides(client, { flags: { f: false }, always: true })
        .for({})
        .value("f", true),
    ).toBe(false);
    await client.close();
  });

  it.each(["{nonsense", "null", "[]", '"text"'])("survive a storage that holds %s", async (text) => {
    const { client } = startClient({ bootstrap: relaxed });
    const storage = {
      getItem: () => text,
      setItem: () => {
        throw new Error("full");
      },
    };
    const telltale = withOverrides(client, { storage });
    telltale.overrides.set("f", false);
    expect(telltale.for({}).value("f", true)).toBe(false);
    await client.close();
  });
});

describe("a client for tests", () => {
  it("answers what it was told and remembers what was tracked", async () => {
    const telltale = createTestClient({ flags: { shown: true, colour: "navy", layout: null } });
    expect(await telltale.ready()).toMatchObject({ ready: true });
    const me = telltale.for({ targetingKey: "u-1" });
    expect([me.value("shown", false), me.value("colour", "red"), me.value("layout", { x: 1 })]).toEqual([
      true,
      "navy",
      null,
    ]);
    expect(me.value("unknown", 3)).toBe(3);
    let heard = 0;
    telltale.on("change", () => heard++);
    telltale.overrides.set("shown", false);
    expect([me.value("shown", true), heard]).toEqual([false, 1]);
    me.track("purchase", { value: 3 });
    expect(await telltale.tracked()).toMatchObject([{ name: "purchase", value: 3, units: { targetingKey: "u-1" } }]);
    await telltale.close();
  });
});

it("a client for tests is ready however long the test takes", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const telltale = createTestClient();
  vi.setSystemTime(Date.now() + 1e10);
  expect(telltale.status().state).toBe("ready");
  vi.useRealTimers();
  await telltale.close();
});

describe("in Node", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "telltale-sdk-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("a folder keeps the last good ruleset, whole or not at all", async () => {
    const storage = fileStorage(join(folder, "deep"));
    expect(await storage.getItem("telltale:1")).toBeNull();
    await Promise.all(["a", "b", "c"].map((text) => storage.setItem("telltale:1", text.repeat(100_000))));
    expect(await storage.getItem("telltale:1")).toMatch(/^(a{100000}|b{100000}|c{100000})$/);
    expect(await readdir(join(folder, "deep"))).toEqual(["telltale-1.json"]);
  });

  it("a folder that cannot be written is told, and the client goes on", async () => {
    await writeFile(join(folder, "file"), "");
    const { client, edge, errors } = startClient({ bootstrap: undefined, storage: fileStorage(join(folder, "file")) });
    await settle();
    edge.streams[0]?.push(`event: ruleset\ndata: ${JSON.stringify(rulesetOf(2, {}))}\n\n`);
    await expect.poll(() => errors.join()).toMatch(/storage could not be written/);
    expect(client.status().version).toBe(2);
    await client.close();
  });

  it.each([
    [undefined, "SIGTERM"],
    ["handled", null],
  ])("a process that is asked to end sends what waits (the program's own handler: %s)", async (mode, signal) => {
    const received: string[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (piece) => {
        body += piece;
      });
      request.on("end", () => {
        if (request.method !== "POST") return;
        const { events } = JSON.parse(body);
        received.push(...events.map((event: { name: string }) => event.name));
        response.end(JSON.stringify({ accepted: events.length, refused: [] }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const module = (name: string) => pathToFileURL(fileURLToPath(new URL(name, import.meta.url))).href;
    const program = `
      import { createClient } from "${module("./client.ts")}";
      import { closeOnExit } from "${module("./node.ts")}";
      const client = createClient({ key: "k", url: "http://127.0.0.1:${(server.address() as AddressInfo).port}" });
      closeOnExit(client);
      ${mode ? 'process.on("SIGTERM", () => setTimeout(() => process.exit(0), 500));' : ""}
      client.for({ targetingKey: "u" }).track("purchase");
      console.log("up");
    `;
    await writeFile(join(folder, "program.mts"), program);
    const child = spawn(process.execPath, ["--import", "tsx", join(folder, "program.mts")], {
      stdio: ["ignore", "pipe", "inherit"],
      cwd: fileURLToPath(new URL("../../../scripts", import.meta.url)),
    });
    child.stdout.once("data", () => child.kill("SIGTERM"));
    const ended = await new Promise((resolve) => child.once("exit", (_code, by) => resolve(by)));
    expect([received, ended]).toEqual([["purchase"], signal]);
    server.closeAllConnections();
    server.close();
  });
});
