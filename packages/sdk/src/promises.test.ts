import { afterEach, describe, expect, it, vi } from "vitest";
import { type ClientOptions, createClient } from "./client.ts";
import { bootstrap, fakeEdge, frame, rulesetOf, settle, startClient } from "./fakes.ts";
import { withOverrides } from "./overrides.ts";

/** What the README promises: it never throws in the caller's path, and `ready()` never rejects. */

const strange = [undefined, null, 0, -1, Number.NaN, "", "x", true, {}, [], () => {}, Symbol("s"), 1n, new Date(NaN)];
const edge = { key: "k", url: "https://edge.test", fetch: fakeEdge().fetch };

/** Asks, tracks, listens, and ends; answers what was told. */
async function use(options: unknown): Promise<string[]> {
  const client = createClient(options as ClientOptions);
  const errors: string[] = [];
  client.on("error", ({ message }) => errors.push(message));
  const me = client.for({ targetingKey: "u" });
  expect(me.value("unknown", "mine")).toBe("mine");
  me.evaluate("x", false);
  me.track("purchase");
  expect(await client.ready({ timeoutMs: 1 })).toHaveProperty("ready");
  client.status();
  void client.close();
  return errors;
}

describe("createClient never throws", () => {
  it.each(strange)("given %s for its options", async (options) => {
    expect(await use(options)).toContainEqual(expect.stringMatching(/createClient got no `url`/));
  });

  it.each<[string, object]>([
    ["`url`", { key: "k" }],
    ["`url`", { key: "k", url: "" }],
    ["`key`", { url: "https://edge.test" }],
    ["`key`", { url: "https://edge.test", key: undefined }],
  ])("without %s: it tells, asks nobody, and answers defaults or by its bootstrap", async (missing, options) => {
    const asked = vi.fn();
    const warn = vi.fn();
    const client = createClient({ ...options, fetch: asked, logger: { warn }, bootstrap } as never);
    const errors: string[] = [];
    client.on("error", ({ message }) => errors.push(message));
    expect(client.for({ targetingKey: "u" }).value("f", false)).toBe(true);
    expect(await client.ready()).toMatchObject({ ready: true, source: "bootstrap" });
    expect(errors).toEqual([expect.stringContaining(`got no ${missing}`)]);
    expect(warn).toHaveBeenCalledOnce();
    await client.close();
    expect(asked).not.toHaveBeenCalled();
  });

  it.each([
    "bootstrap",
    "storage",
    "events",
    "offline",
    "background",
    "exposureAttributes",
    "flushIntervalMs",
    "maxQueue",
    "batchSize",
    "stream",
    "pollIntervalMs",
    "staleMs",
    "logger",
    "fetch",
    "now",
    "random",
    "url",
    "key",
  ])("whatever `%s` is", async (name) => {
    vi.stubGlobal("fetch", edge.fetch);
    for (const value of strange) {
      // A function that is given is used: one that answers nothing is no clock and no fetch.
      if (typeof value === "function" && (name === "now" || name === "random")) continue;
      await use({ ...edge, bootstrap, [name]: value });
    }
  });

  it("given a bootstrap that is no JSON", async () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(await use({ ...edge, bootstrap: circle })).toEqual([expect.stringMatching(/a ruleset was refused/)]);
  });

  afterEach(() => vi.unstubAllGlobals());
});

describe("a storage that is denied", () => {
  const denied = () => {
    throw new DOMException("Access is denied for this document.", "SecurityError");
  };

  it("throws nothing when it is given lazily", async () => {
    const { edge, client, errors, me } = startClient({ bootstrap: undefined, storage: denied });
    await settle();
    edge.streams[0]?.push(frame(rulesetOf(2, {})));
    await settle();
    expect(client.status().version).toBe(2);
    expect(me.value("f", 1)).toBe(1);
    expect(errors[0]).toBe("the storage could not be read: Access is denied for this document.");
    await client.close();
  });

  it.each([null, undefined])("or is %s", async (storage) => {
    const { client, errors } = startClient({ bootstrap: undefined, storage: () => storage });
    await settle();
    expect(errors).toEqual([]);
    await client.close();
  });

  it("nor in overrides", async () => {
    const relaxed = { ...bootstrap, hints: { ...bootstrap.hints, overrides: true as const } };
    const { client } = startClient({ bootstrap: relaxed });
    const telltale = withOverrides(client, { storage: denied });
    telltale.on("change", denied);
    telltale.overrides.set("f", false);
    expect(telltale.for({}).value("f", true)).toBe(false);
    await client.close();
  });
});

describe("whatever the caller gives", () => {
  it.each(strange)("%s", async (value) => {
    const { client } = startClient();
    const me = client.for({ targetingKey: "u" });
    const flag = value as string;
    const unit = client.for(value as never);
    for (const one of [me, unit]) {
      expect(one.value(flag, "mine")).toBe("mine");
      one.evaluate(flag, value as never);
      one.peek(flag, value as never);
      one.track(flag, value as never);
      one.track("purchase", value as never);
    }
    expect(await client.ready(value as never)).toMatchObject({ ready: true });
    await client.close();
  });
});
