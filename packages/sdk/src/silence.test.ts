import { describe, expect, it } from "vitest";
import { frame, on, rulesetOf, settle, startClient } from "./fakes.ts";

const flags = { f: on };
const document = (version: number) => Response.json(rulesetOf(version, flags));

describe("a proxy that holds the stream back", () => {
  it.each<[string, "hang" | undefined]>([
    ["with its headers", "hang"],
    ["after its headers", undefined],
  ])("%s: a poll brings the first ruleset within 10 s", async (_name, stream) => {
    const { edge, clock, client, me } = startClient({ bootstrap: undefined });
    if (stream) edge.answer("/v1/stream", stream);
    edge.answer("/v1/ruleset", document(4));
    await clock.advance(10_000);
    expect(client.status()).toMatchObject({ state: "ready", source: "poll", version: 4 });
    expect(me.value("f", false)).toBe(true);
    expect(edge.to("/v1/stream")).toHaveLength(1);
    await client.close();
  });

  it("for ever: what changes is known within a minute", async () => {
    const { edge, clock, client } = startClient({ bootstrap: undefined });
    for (let version = 1; version <= 20; version++) {
      edge.answer("/v1/ruleset", document(version));
      const before = edge.to("/v1/ruleset").length;
      await clock.advance(60_000);
      expect(edge.to("/v1/ruleset").length).toBeGreaterThan(before);
      for (let i = edge.to("/v1/ruleset").length - before; i > 1; i--) edge.answer("/v1/ruleset", document(version));
    }
    await client.close();
  });
});

it("a slow edge is not asked by all at once, where there is a ruleset to decide by", async () => {
  const times: number[] = [];
  for (const random of [0, 0.25, 0.5, 0.75, 0.99]) {
    const { edge, clock, client } = startClient({ random: () => random });
    edge.answer("/v1/ruleset", document(8));
    for (let s = 0; !edge.to("/v1/ruleset").length && s < 40; s++) {
      await clock.advance(1_000);
      if (edge.to("/v1/ruleset").length) times.push(s + 1);
    }
    await client.close();
  }
  expect(times).toEqual([3, 8, 13, 18, 23]);
});

it("a stream that speaks is not raced", async () => {
  const { edge, clock, client } = startClient({ bootstrap: undefined });
  await settle();
  edge.streams[0]?.push("retry: 2000\n: hb\n\n");
  await clock.advance(30_000);
  expect(edge.to("/v1/ruleset")).toEqual([]);
  edge.streams[0]?.push(frame(rulesetOf(4, flags)));
  await settle();
  expect(client.status()).toMatchObject({ source: "stream", version: 4 });
  await client.close();
});

it("a stream that wakes up after the poll goes on from there", async () => {
  const { edge, clock, client, errors } = startClient({ bootstrap: undefined });
  edge.answer("/v1/ruleset", document(4));
  await clock.advance(10_000);
  edge.streams[0]?.push(frame(rulesetOf(3, flags)));
  await settle();
  expect(client.status().version).toBe(4);
  edge.streams[0]?.push(frame(rulesetOf(5, flags)));
  await settle();
  expect([client.status().version, edge.streams.length]).toEqual([5, 1]);
  expect(errors).toEqual(["a ruleset was refused: 3 is older than 4"]);
  await client.close();
});

it("a poll that is refused while the stream is silent is kept to", async () => {
  const { edge, clock, client } = startClient({ bootstrap: undefined });
  edge.answer("/v1/ruleset", new Response(null, { status: 503, headers: { "retry-after": "300" } }));
  await clock.advance(200_000);
  expect(edge.to("/v1/ruleset")).toHaveLength(1);
  await client.close();
});
