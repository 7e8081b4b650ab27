import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { CurrentRuleset } from "@telltale/ruleset/read";
import { collectMemory } from "@telltale/testing/memory";
import { describe, expect, it, vi } from "vitest";
import { createWorld, ruleset } from "../fake-world.ts";
import { forwardEvents } from "./forward.ts";
import { keysLine, rulesetLine, stateLine } from "./messages.ts";
import { openUpstream, type UpstreamOptions } from "./upstream.ts";

/** An upstream that says what the test tells it to, one answer for each connection. */
async function fakeUpstream(...answers: ((response: ServerResponse) => void)[]) {
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    (answers[authorizations.length - 1] ?? answers.at(-1))?.(response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const dispose = async () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, authorizations, [Symbol.asyncDispose]: dispose };
}

async function open(upstream: { url: string }, more: Partial<UpstreamOptions> = {}) {
  const said: string[] = [];
  const reader = await openUpstream({
    url: upstream.url,
    token: "token",
    onRuleset: ({ version }) => said.push(`ruleset ${version}`),
    onKeys: () => said.push("keys"),
    onAway: (error) => said.push(`away: ${error instanceof Error ? error.message : error}`),
    onBack: () => said.push("back"),
    ...more,
  });
  return Object.assign(reader, { said, [Symbol.asyncDispose]: () => reader.close() });
}

const { keys } = createWorld();
const catalogueOf = (...rulesets: CurrentRuleset[]) => ({
  keys,
  rulesets: new Map(rulesets.map((one) => [`${one.environmentId}/${one.audience}`, one])),
});
const whole = (one: CurrentRuleset) =>
  Buffer.concat([keysLine(keys), rulesetLine(one), stateLine(catalogueOf(one), true, 5)]);
const soon = { timeout: 10_000 };

describe("following another edge", () => {
  it("takes all of it at once, then each change", async () => {
    let response: ServerResponse | undefined;
    await using upstream = await fakeUpstream((answer) => {
      response = answer;
      answer.write(whole(ruleset(7)));
    });
    await using reader = await open(upstream);
    expect(upstream.authorizations).toEqual(["Bearer token"]);
    expect([reader.healthy(), reader.asOf(), reader.catalogue()]).toEqual([true, 5, catalogueOf(ruleset(7))]);
    response?.write(rulesetLine(ruleset(8)));
    await vi.waitFor(() => expect(reader.current("env-1", "server")?.version).toBe(8), soon);
    response?.write(keysLine(new Map()));
    await vi.waitFor(() => expect(reader.catalogue().keys.size).toBe(0), soon);
    response?.write(stateLine({ keys: new Map(), rulesets: new Map() }, false, 9));
    await vi.waitFor(() => expect(reader.catalogue().rulesets.size).toBe(0), soon);
    expect([reader.healthy(), reader.asOf()]).toEqual([false, 9]);
    expect(reader.said).toEqual(["keys", "ruleset 7", "ruleset 8", "keys"]);
  });

  it.each<[string, Buffer]>([
    ["a ruleset", Buffer.concat([keysLine(keys), stateLine(catalogueOf(ruleset(8)), true, 5)])],
    ["the keys", Buffer.concat([rulesetLine(ruleset(8)), stateLine(catalogueOf(ruleset(8)), true, 5)])],
    [
      "the newer ruleset",
      Buffer.concat([keysLine(keys), rulesetLine(ruleset(7)), stateLine(catalogueOf(ruleset(8)), true, 5)]),
    ],
    ["sense", Buffer.from('{"type":"keys","keys":"all of them"}\n')],
    ["the end of a line", Buffer.from('{"type":"ke\n')],
  ])("reads all of it anew when the feed lost %s", async (_, lost) => {
    await using upstream = await fakeUpstream(
      (answer) => answer.write(lost),
      (answer) => answer.write(whole(ruleset(8))),
    );
    await using reader = await open(upstream, { initial: catalogueOf(ruleset(7)), initialAsOf: 1 });
    expect([reader.current("env-1", "server")?.version, reader.healthy(), reader.asOf()]).toEqual([7, false, 1]);
    await vi.waitFor(() => expect(reader.healthy()).toBe(true), soon);
    expect(reader.said).toEqual([expect.stringMatching(/^away: /), "ruleset 8", "back"]);
  });

  it("notices an upstream that is silent, and keeps what it has", async () => {
    await using upstream = await fakeUpstream(
      (answer) => answer.write(whole(ruleset(7))),
      () => undefined,
      (answer) => answer.write(whole(ruleset(8))),
    );
    await using reader = await open(upstream, { silenceMs: 300 });
    await vi.waitFor(() => expect(reader.said).toContain("away: the upstream was silent for 300 ms"), soon);
    await vi.waitFor(() => expect(reader.current("env-1", "server")?.version).toBe(8), soon);
    expect(reader.said.slice(-2)).toEqual(["ruleset 8", "back"]);
  });

  it("notices a silent upstream after memory was collected, too", async () => {
    await using upstream = await fakeUpstream(
      (answer) => answer.write(whole(ruleset(7))),
      (answer) => answer.write(whole(ruleset(8))),
    );
    await using reader = await open(upstream, { silenceMs: 300 });
    await collectMemory();
    await vi.waitFor(() => expect(reader.current("env-1", "server")?.version).toBe(8), soon);
  });

  it("takes its token nowhere else: a redirect is a refusal, of the feed and of events", async () => {
    await using elsewhere = await fakeUpstream((answer) => answer.write(whole(ruleset(7))));
    await using upstream = await fakeUpstream((answer) => answer.writeHead(302, { location: elsewhere.url }).end());
    await expect(open(upstream)).rejects.toThrow("it answered 302 at /relay/v1/feed");
    const batch = new Request("http://relay.test/v1/events", { method: "POST", body: "{}" });
    expect((await forwardEvents(batch, upstream.url, 1_000)).status).toBe(503);
    expect(elsewhere.authorizations).toEqual([]);
  });

  it("is not alarmed when an upstream that was well ends the feed and is there again", async () => {
    await using upstream = await fakeUpstream(
      (answer) => answer.end(whole(ruleset(7))),
      (answer) => answer.write(whole(ruleset(8))),
    );
    await using reader = await open(upstream);
    await vi.waitFor(() => expect(reader.current("env-1", "server")?.version).toBe(8), soon);
    expect(reader.said).toEqual(["keys", "ruleset 7", "ruleset 8"]);
  });

  it("fails to open without anything to serve, and says why", async () => {
    await using upstream = await fakeUpstream((answer) => answer.writeHead(404).end());
    await expect(open(upstream)).rejects.toThrow("it answered 404 at /relay/v1/feed");
  });
});
