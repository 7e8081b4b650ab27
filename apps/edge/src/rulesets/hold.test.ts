import { rulesetOf } from "@telltale/testing/ruleset";
import { describe, expect, it } from "vitest";
import { CLIENT_KEY, createWorld, ruleset, SERVER_KEY, track } from "../fake-world.ts";

/** An edge over a reader that holds nothing before it is asked. */
function lazyWorld() {
  const asked: string[] = [];
  const held = { rulesets: new Map<string, ReturnType<typeof ruleset>>(), healthy: true, stored: true };
  const world = createWorld();
  const lazy = createWorld(
    {},
    {
      rulesets: {
        keyByHash: (hash) => world.keys.get(hash),
        current: (environmentId, audience) => held.rulesets.get(`${environmentId}/${audience}`),
        async activate(environmentId, audience) {
          const name = `${environmentId}/${audience}`;
          asked.push(name);
          await Promise.resolve();
          if (held.stored) held.rulesets.set(name, { ...ruleset(7), audience });
        },
        catalogue: () => ({ keys: world.keys, rulesets: held.rulesets }),
        healthy: () => held.healthy,
        asOf: () => 0,
      },
    },
  );
  return { ...lazy, asked, held };
}

describe("an environment that is not held", () => {
  it("is read for the one who asks, and waited for", async () => {
    const { call, asked } = lazyWorld();
    expect(asked).toEqual([]);
    expect((await call("/v1/ruleset", { key: SERVER_KEY })).status).toBe(200);
    expect((await call("/v1/stream", { key: CLIENT_KEY })).status).toBe(200);
    expect(asked).toEqual(["env-1/server", "env-1/client"]);
  });

  it("is decided by the server's ruleset for client keys, and not read for events", async () => {
    const { call, post, asked } = lazyWorld();
    await call("/ofrep/v1/evaluate/flags", { key: CLIENT_KEY, method: "POST", body: '{"context":{}}' });
    await post({ events: [track()] });
    expect(asked).toEqual(["env-1/server"]);
  });

  it("is not read for a key that is not known", async () => {
    const { call, asked } = lazyWorld();
    expect((await call("/v1/ruleset", { key: "tts_stranger" })).status).toBe(401);
    expect(asked).toEqual([]);
  });

  it("answers 503 while it cannot be read, and 404 when there is nothing to read", async () => {
    const { call, held } = lazyWorld();
    held.stored = false;
    expect((await call("/v1/ruleset", { key: SERVER_KEY })).status).toBe(404);
    held.healthy = false;
    for (const path of ["/v1/ruleset", "/v1/stream"]) {
      const answer = await call(path, { key: SERVER_KEY });
      expect([answer.status, Number(answer.headers.get("retry-after")) > 0]).toEqual([503, true]);
      expect(await answer.json()).toMatchObject({ type: "urn:telltale:problem:control-plane-away" });
    }
    held.stored = true;
    // What is held is served, whatever cannot be read.
    expect((await call("/v1/ruleset", { key: SERVER_KEY })).status).toBe(200);
  });
});

it("is asked for by its streams for as long as they are open, and by nobody else", async () => {
  const { edge, call, asked } = lazyWorld();
  await call("/v1/ruleset", { key: SERVER_KEY });
  const answers = [await call("/v1/stream", { key: CLIENT_KEY }), await call("/v1/stream", { key: CLIENT_KEY })];
  asked.length = 0;
  edge.tick();
  expect(asked).toEqual(["env-1/client"]);
  for (const answer of answers) await answer.body?.cancel();
  asked.length = 0;
  edge.tick();
  expect(asked).toEqual([]);
});

it("leaves no step behind that could be patched from when it is let go", async () => {
  const { edge, call, publish, rulesets } = createWorld();
  const flags = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`flag-${i}`, {}]));
  const versionOf = (version: number) => ({
    ...ruleset(version),
    document: JSON.stringify(rulesetOf(version, flags, { audience: "server" })),
  });
  for (const version of [7, 8]) publish(versionOf(version));
  const held = rulesets.get("env-1/server");
  expect(held?.version).toBe(8);
  if (held) edge.rulesetReleased(held);
  const opened = async () => {
    const { body } = await call("/v1/stream?patches", { key: SERVER_KEY, headers: { "last-event-id": "7" } });
    const reader = body?.getReader();
    await reader?.read();
    return Buffer.from((await reader?.read())?.value ?? []).toString();
  };
  expect(await opened()).toContain("event: ruleset");
  publish(versionOf(7));
  publish(versionOf(8));
  expect(await opened()).toContain("event: patch");
});
