import { expect, it, vi } from "vitest";
import { rulesetOf, settle, startClient } from "./fakes.ts";

it("writes to a logger, and one that throws disturbs nobody", async () => {
  const warn = vi.fn((_message: string) => {
    throw new Error("forbidden");
  });
  const { edge, client } = startClient({ bootstrap: undefined, logger: { warn } });
  await settle();
  edge.streams[0]?.push("event: ruleset\ndata: nonsense\n\n");
  await settle();
  expect(warn).toHaveBeenCalledOnce();
  expect(warn.mock.calls[0]).toEqual(["telltale: a ruleset was refused: it is damaged"]);
  await client.close();
});

it("tells a logger each sentence once, the edge's own, until the edge is heard again", async () => {
  const warn = vi.fn();
  const { edge, clock, client } = startClient({ logger: { warn }, bootstrap: rulesetOf(3, {}) });
  await settle();
  let isRefusing = true;
  const answer = () =>
    isRefusing
      ? Response.json({ detail: "This key was revoked: copy another." }, { status: 401 })
      : new Response(null, { status: 304 });
  for (const path of ["/v1/stream", "/v1/ruleset"]) edge.answer(path, ...new Array(200).fill(answer));
  edge.streams[0]?.end();
  await clock.advance(200_000);
  const sentence = (path: string) => [
    `telltale: GET https://edge.test/v1/${path}: the edge answered 401: This key was revoked: copy another.`,
  ];
  const outage = [sentence("stream"), sentence("ruleset"), [expect.stringMatching(/not heard for \d+ ms/)]];
  expect(warn.mock.calls).toEqual(outage);
  expect(edge.to("/v1/ruleset").length).toBeGreaterThan(5);
  isRefusing = false;
  await clock.advance(60_000);
  isRefusing = true;
  warn.mockClear();
  await clock.advance(500_000);
  expect(warn.mock.calls).toEqual(expect.arrayContaining([sentence("ruleset")]));
  expect(warn.mock.calls.length).toBeLessThanOrEqual(3);
  await client.close();
});
