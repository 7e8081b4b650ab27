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

const FAREWELL = "retry: 200\n\n";

/** The seconds in which every stream beats once. */
const beat = (world: World) => {
  for (let second = 0; second < 15; second++) world.edge.tick();
};

const streams = async (world: World) => {
  const page = await (await world.call("/metrics")).text();
  return Number(/^telltale_edge_streams (\d+)$/m.exec(page)?.[1]);
};

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks).toString();
    chunks.push(value);
  }
}

describe("GET /v1/stream", () => {
  it("sends the ruleset on connect and each newer one", async () => {
    const world = createWorld();
    const { answer, next } = await open(world);
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    expect(await next()).toBe("retry: 2000\n: hb\n\n");
    expect(await next()).toBe(frame(world, 7));
    world.publish(ruleset(8));
    expect(await next()).toBe(frame(world, 8));
  });

  it("sends nothing on connect when the client is current, and something when it is behind or ahead", async () => {
    const world = createWorld();
    const current = await open(world, { "last-event-id": "7" });
    await current.next();
    beat(world);
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
    world.publish(ruleset(1));
    expect(await next()).toBe(frame(world, 1));
  });

  it("does not mix audiences", async () => {
    const world = createWorld();
    const { next } = await open(world, { "last-event-id": "7" });
    await next();
    const other = await world.call("/v1/stream", { key: CLIENT_KEY });
    world.publish({ ...ruleset(8), audience: "client" });
    beat(world);
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
      world.publish(ruleset(version));
    }
    expect(destroy).toHaveBeenCalledTimes(1);
    await expect(pure.text()).rejects.toThrow("ended by the edge");
    const metrics = await (await world.call("/metrics")).text();
    expect(metrics).toContain('telltale_edge_streams_dropped_total{reason="slow"} 2\n');
    expect(metrics).toContain("telltale_edge_streams 0\n");
  });

  it("ends the streams of a revoked key as soon as that is known, and no other", async () => {
    const world = createWorld();
    const { next } = await open(world, { "last-event-id": "7" });
    await next();
    const other = await world.call("/v1/stream", { key: CLIENT_KEY });
    world.revoke(SERVER_KEY);
    world.publish(ruleset(8));
    expect([await next(), await next()]).toEqual([FAREWELL, "end"]);
    expect(await streams(world)).toBe(1);
    await other.body?.cancel();
  });

  it("takes client keys only from their origins, and ends what stands when an origin is taken away", async () => {
    const world = createWorld();
    const from = (origin: string) => world.call("/v1/stream", { key: CLIENT_KEY, headers: { origin } });
    expect((await from("https://evil.example")).status).toBe(403);
    const open = await from("https://shop.example");
    const withoutOrigin = await world.call("/v1/stream", { key: CLIENT_KEY });
    for (const [hash, key] of world.keys)
      world.keys.set(hash, { ...key, origins: key.audience === "client" ? ["https://other.example"] : [] });
    world.edge.keysChanged();
    expect(await open.text()).toContain(FAREWELL);
    expect(await streams(world)).toBe(1);
    await withoutOrigin.body?.cancel();
  });

  it("ends each stream at an age of its own, so that clients spread over the edges there are", async () => {
    const ages: number[] = [];
    let draw = 0;
    const world = createWorld({ streamAgeMs: 60_000 }, { random: () => draw++ / 10 });
    const all = await Promise.all(Array.from({ length: 10 }, () => open(world, { "last-event-id": "7" })));
    for (let second = 1; second <= 90; second++) {
      const before = await streams(world);
      world.edge.tick();
      for (let ended = before - (await streams(world)); ended > 0; ended--) ages.push(second);
    }
    expect(ages).toEqual([30, 36, 42, 48, 54, 60, 66, 72, 78, 84]);
    const said = await Promise.all(all.map(async ({ reader }) => readAll(reader)));
    for (const text of said) expect(text.endsWith(FAREWELL)).toBe(true);
  });

  it("beats every 15 s, and not for all streams at once", async () => {
    const world = createWorld();
    const all = await Promise.all(Array.from({ length: 30 }, () => open(world, { "last-event-id": "7" })));
    beat(world);
    await world.edge.stop();
    const said = await Promise.all(all.map(async ({ reader }) => readAll(reader)));
    expect(new Set(said)).toEqual(new Set([`retry: 2000\n: hb\n\n: hb\n\n${FAREWELL}`]));
  });

  it("writes the same bytes to all: one serialisation for each change", async () => {
    const world = createWorld();
    const answers = await Promise.all([1, 2].map(() => world.call("/v1/stream", { key: SERVER_KEY })));
    const read = async (answer: Response) => {
      const reader = answer.body?.getReader();
      await reader?.read();
      return (await reader?.read())?.value?.buffer;
    };
    const [first, second] = await Promise.all(answers.map(read));
    expect(first).toBeDefined();
    expect(first).toBe(second);
  });

  it("ends all streams on stop", async () => {
    const world = createWorld();
    const { next } = await open(world, { "last-event-id": "7" });
    await next();
    await world.edge.stop();
    expect([await next(), await next()]).toEqual([FAREWELL, "end"]);
  });

  it("moves as many streams as it is told to", async () => {
    const world = createWorld();
    for (let i = 0; i < 5; i++) await world.call("/v1/stream", { key: SERVER_KEY });
    world.edge.moveStreams(2);
    expect(await streams(world)).toBe(3);
    world.edge.moveStreams(100);
    expect(await streams(world)).toBe(0);
  });

  it("holds no stream for a HEAD request", async () => {
    const world = createWorld();
    const answer = await world.call("/v1/stream", { method: "HEAD", key: SERVER_KEY });
    expect(answer.status).toBe(200);
    expect(await (await world.call("/metrics")).text()).toContain("telltale_edge_streams 0\n");
  });
});
