import { describe, expect, it } from "vitest";
import { CLIENT_KEY, createWorld, ruleset, SERVER_KEY } from "../fake-world.ts";

const TOKEN = "relay-token-".padEnd(32, "x");

async function follow(world: ReturnType<typeof createWorld>) {
  const answer = await world.call("/relay/v1/feed", { key: TOKEN });
  const reader = answer.body?.getReader();
  /** The next messages that came together. */
  const next = async () => {
    const { done, value } = (await reader?.read()) ?? { done: true };
    return done
      ? "end"
      : Buffer.from(value ?? [])
          .toString()
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line));
  };
  return { answer, reader, next };
}

describe("GET /relay/v1/feed", () => {
  it("tells all of it, then each change as it happens, and the whole state every 5 s", async () => {
    const world = createWorld({}, { relayTokens: [TOKEN] });
    const { answer, next } = await follow(world);
    expect(answer.headers.get("content-type")).toBe("application/x-ndjson");
    expect(await next()).toEqual([
      { type: "keys", keys: [...world.keys] },
      { type: "ruleset", ruleset: ruleset(7) },
      {
        type: "state",
        healthy: true,
        asOf: expect.any(Number),
        keys: expect.stringMatching(/^[0-9a-f]{64}$/),
        rulesets: { "env-1/server": '"d7-7"' },
      },
    ]);
    world.publish(ruleset(8));
    expect(await next()).toEqual([{ type: "ruleset", ruleset: ruleset(8) }]);
    world.state.healthy = false;
    for (let second = 0; second < 5; second++) world.edge.tick();
    expect(await next()).toMatchObject([{ type: "state", healthy: false, rulesets: { "env-1/server": '"d8-8"' } }]);
    await world.edge.stop();
    expect(await next()).toBe("end");
  });

  it("tells of a revocation at once, and nobody a key", async () => {
    const world = createWorld({}, { relayTokens: [TOKEN] });
    const { next } = await follow(world);
    const first = JSON.stringify(await next());
    for (const key of [SERVER_KEY, CLIENT_KEY]) expect(first).not.toContain(`"${key}"`);
    world.revoke(SERVER_KEY);
    expect(await next()).toEqual([{ type: "keys", keys: [...world.keys] }]);
  });

  it("is closed to everybody where no token is set", async () => {
    const world = createWorld();
    for (const key of [TOKEN, SERVER_KEY, ""]) {
      expect((await world.call("/relay/v1/feed", { key })).status).toBe(401);
    }
  });

  it("forgets a relay that went away", async () => {
    const world = createWorld({}, { relayTokens: [TOKEN] });
    const { reader } = await follow(world);
    const relays = async () => /telltale_edge_relays (\d+)/.exec(await (await world.call("/metrics")).text())?.[1];
    expect(await relays()).toBe("1");
    await reader?.cancel();
    expect(await relays()).toBe("0");
  });
});
