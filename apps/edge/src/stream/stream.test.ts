import { describe, expect, it, vi } from "vitest";
import { CLIENT_KEY, createWorld, ruleset, SERVER_KEY } from "../fake-world.ts";

type World = ReturnType<typeof createWorld>;

async function open(world: World, headers: Record<string, string> = {}) {
  const answer = await world.call("/v1/stream", { key: SERVER_KEY, headers });
  const reader = answer.body?.getReader();
  if (!reader) throw new Error("the stream has no body");
  const next = async () => {
    const { done, value } = await reader.read();
    return done ? "end" : Buffer.from(value).toString();
  };
  return { answer, reader, next };
}

const frame = (world: World, version: number) =>
  `event: ruleset\nid: ${version}\ndata: ${world.rulesets.get("env-1/server")?.document}\n\n`;

describe("GET /v1/stream", () => {
  it("sends the ruleset on connect and each newer one", async () => {
    const world = createWorld();
    const { answer, next } = await open(world);
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    expect(await next()).toBe(": hb\n\n");
    expect(await next()).toBe(frame(world, 7));
    world.rulesets.set("env-1/server", ruleset(8));
    world.edge.rulesetChanged("env-1", "server");
    expect(await next()).toBe(frame(world, 8));
  });

  it("sends nothing on connect when the client is current, and something when it is behind or ahead", async () => {
    const world = createWorld();
    const current = await open(world, { "last-event-id": "7" });
    await current.next();
    world.edge.heartbeat();
    expect(await current.next()).toBe(": hb\n\n");
    for (const id of ["6", "9", "nonsense", ""]) {
      const stream = await open(world, { "last-event-id": id });
      await stream.next();
      expect(await stream.next()).toBe(frame(world, 7));
    }
  });

  it("keeps a document with line breaks on one line", async () => {
    const world = createWorld();
    world.rulesets.set("env-1/server", { ...ruleset(7), document: '{\r\n"version":\n7}' });
    const { next } = await open(world);
    await next();
    const data = /^data: (.*)$/m.exec(await next())?.[1] ?? "";
    expect(JSON.parse(data)).toEqual({ version: 7 });
  });

  it("waits on an environment without a ruleset", async () => {
    const world = createWorld();
    world.rulesets.clear();
    const { next } = await open(world);
    await next();
    world.rulesets.set("env-1/server", ruleset(1));
    world.edge.rulesetChanged("env-1", "server");
    expect(await next()).toBe(frame(world, 1));
  });

  it("does not mix audiences", async () => {
    const world = createWorld();
    const { next } = await open(world, { "last-event-id": "7" });
    await next();
    const other = await world.call("/v1/stream", { key: CLIENT_KEY });
    world.rulesets.set("env-1/client", ruleset(8));
    world.edge.rulesetChanged("env-1", "client");
    world.edge.heartbeat();
    expect(await next()).toBe(": hb\n\n");
    await other.body?.cancel();
  });

  it("refuses streams over the limit and takes one again when one leaves", async () => {
    const world = createWorld({ streams: 1 });
    const first = await open(world);
    const refused = await world.call("/v1/stream", { key: SERVER_KEY });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
    await first.reader.cancel();
    expect((await world.call("/v1/stream", { key: SERVER_KEY })).status).toBe(200);
  });

  it("drops a stream that lags too far behind, at the connection when there is one", async () => {
    const world = createWorld({ streamBufferBytes: 500 });
    const destroy = vi.fn();
    const request = () =>
      new Request("http://edge.test/v1/stream", { headers: { authorization: `Bearer ${SERVER_KEY}` } });
    await world.edge.fetch(request(), { outgoing: { destroy } });
    const pure = await world.edge.fetch(request());
    for (let version = 8; version < 20; version++) {
      world.rulesets.set("env-1/server", ruleset(version));
      world.edge.rulesetChanged("env-1", "server");
    }
    expect(destroy).toHaveBeenCalledTimes(1);
    await expect(pure.text()).rejects.toThrow("ended by the edge");
    const metrics = await (await world.call("/metrics")).text();
    expect(metrics).toContain('telltale_edge_streams_dropped_total{reason="slow"} 2\n');
    expect(metrics).toContain("telltale_edge_streams 0\n");
  });

  it("ends the streams of a revoked key at the next heartbeat", async () => {
    const world = createWorld();
    const { next } = await open(world, { "last-event-id": "7" });
    await next();
    world.revoke(SERVER_KEY);
    world.edge.heartbeat();
    expect(await next()).toBe("end");
  });

  it("ends all streams on stop", async () => {
    const world = createWorld();
    const { next } = await open(world, { "last-event-id": "7" });
    await next();
    await world.edge.stop();
    expect(await next()).toBe("end");
  });

  it("holds no stream for a HEAD request", async () => {
    const world = createWorld();
    const answer = await world.call("/v1/stream", { method: "HEAD", key: SERVER_KEY });
    expect(answer.status).toBe(200);
    expect(await (await world.call("/metrics")).text()).toContain("telltale_edge_streams 0\n");
  });
});
