import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createWorld, exposure, SERVER_KEY, track } from "../fake-world.ts";

describe("POST /v1/events", () => {
  it("answers after the store has the events", async () => {
    const world = createWorld();
    const answer = await world.post({ events: [exposure({ id: "a" }), track({ id: "b", value: 42.5 })] });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ accepted: 2, refused: [] });
    expect(
      world.stored.map(({ environmentId, id, at, clock, received }) => [environmentId, id, at, clock, received]),
    ).toEqual([
      ["env-1", "a", "1795435140.000", "1795435140.000", "1795435200.000"],
      ["env-1", "b", "1795435170.000", "1795435170.000", "1795435200.000"],
    ]);
  });

  it("refuses event by event and keeps the others", async () => {
    const world = createWorld();
    const answer = await world.post({ events: [exposure(), null, track({ id: "bad", name: "" }), track()] });
    expect(await answer.json()).toEqual({
      accepted: 2,
      refused: [
        { index: 1, reason: "An event must be an object." },
        { index: 2, id: "bad", reason: "“name” must have 1 to 128 characters." },
      ],
    });
    expect(world.stored).toHaveLength(2);
  });

  it("keeps known fields only", async () => {
    const world = createWorld();
    await world.post({ events: [track({ secret: "x", constructor: "y" })] });
    expect(JSON.stringify(world.stored)).not.toMatch(/secret|constructor/);
    expect(world.stored).toMatchObject([{ name: "purchase", value: "\\N", properties: "{}" }]);
  });

  it("groups what arrives together into one insert", async () => {
    const world = createWorld();
    await Promise.all(Array.from({ length: 20 }, () => world.post({ events: [track(), track()] })));
    expect(world.stored).toHaveLength(40);
    expect(world.inserts.length).toBeLessThanOrEqual(2);
  });

  it("answers 503 and accepts nothing while the store is away", async () => {
    const world = createWorld();
    world.state.storeUp = false;
    const answer = await world.post({ events: [track()] });
    expect([answer.status, Number(answer.headers.get("retry-after"))]).toEqual([
      503,
      expect.toSatisfy((s) => s >= 2 && s <= 7),
    ]);
    expect(world.logged).toEqual(["the event store refused an insert"]);
    world.state.storeUp = true;
    expect((await world.post({ events: [track()] })).status).toBe(200);
    expect(world.stored).toHaveLength(1);
  });

  it("answers 503 when the queue is full", async () => {
    const world = createWorld({ queuedEvents: 3 });
    const [first, second] = await Promise.all([
      world.post({ events: [track(), track()] }),
      world.post({ events: [track(), track()] }),
    ]);
    expect(first.status).toBe(200);
    expect([second.status, Number(second.headers.get("retry-after"))]).toEqual([
      503,
      expect.toSatisfy((s) => s >= 1 && s <= 4),
    ]);
    expect((await world.post({ events: [track(), track()] })).status).toBe(200);
  });

  it("stores a batch that was on its way when it stops", async () => {
    const world = createWorld({ insertIntervalMs: 60_000 });
    await world.post({ events: [track()] });
    let arrive: (text: string) => void = () => {};
    let answer: Promise<Response> | undefined;
    await new Promise<void>((reading) => {
      const body = new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            arrive = (text) => {
              controller.enqueue(new TextEncoder().encode(text));
              controller.close();
            };
            reading();
          },
        },
        { highWaterMark: 0 },
      );
      answer = world.call("/v1/events", { method: "POST", key: SERVER_KEY, body, duplex: "half" } as RequestInit);
    });
    await world.edge.stop();
    arrive(JSON.stringify({ events: [track()] }));
    expect((await answer)?.status).toBe(200);
    expect(world.stored).toHaveLength(2);
  });
});

describe("hostile bodies", () => {
  it.each([
    ["nothing", "", 400],
    ["no JSON", "{", 400],
    ["null", "null", 400],
    ["a list", "[]", 400],
    ["a string", '"events"', 400],
    ["events that are no list", '{"events":{"length":3}}', 400],
    ["an empty batch", '{"events":[]}', 200],
    ["deep nesting", `{"events":${"[".repeat(200_000)}${"]".repeat(200_000)}}`, 400],
    ["nesting in texts only", `{"events":[],"x":"${"[".repeat(100)}"}`, 200],
    ["too many events", JSON.stringify({ events: new Array(1_001).fill(0) }), 413],
    ["too many bytes", `{"events":[],"x":"${"a".repeat(1_048_576)}"}`, 413],
  ])("%s", async (_, body, status) => {
    const world = createWorld();
    const answer = await world.post(body);
    expect(answer.status).toBe(status);
    expect(world.stored).toHaveLength(0);
  });

  it("counts the bytes of a body that does not declare its length", async () => {
    const world = createWorld({ bodyBytes: 1_000 });
    const chunk = new TextEncoder().encode(" ".repeat(400));
    const send = (chunks: Uint8Array<ArrayBuffer>[]) =>
      world.call("/v1/events", {
        method: "POST",
        key: SERVER_KEY,
        body: new ReadableStream<Uint8Array>({
          start(controller) {
            for (const part of chunks) controller.enqueue(part);
            controller.close();
          },
        }),
        duplex: "half",
      } as RequestInit);
    expect((await send([chunk, chunk, chunk])).status).toBe(413);
    expect((await send([chunk, new TextEncoder().encode('{"events":[]}')])).status).toBe(200);
  });

  it("does not believe a wrong Content-Length", async () => {
    const world = createWorld();
    expect((await world.post({ events: [] }, { "content-length": "99999999" })).status).toBe(413);
  });

  it("says that a body is no valid UTF-8 instead of storing something else", async () => {
    const world = createWorld();
    const body = Buffer.from(JSON.stringify({ events: [track({ name: "caf\u00e9" })] }), "latin1");
    expect((await world.post(body)).status).toBe(400);
    expect(world.stored).toEqual([]);
  });

  it.each([
    ["br", 415],
    ["deflate", 415],
    ["gzip, gzip", 415],
    ["identity", 200],
    ["GZIP", 400],
  ])("a plain body that claims to be %s: %d", async (encoding, status) => {
    const answer = await createWorld().post({ events: [] }, { "content-encoding": encoding });
    expect(answer.status).toBe(status);
    if (status === 415) expect(answer.headers.get("accept-encoding")).toBe("gzip");
  });
});

describe("a gzipped batch", () => {
  const post = (body: Buffer, limits = {}) => {
    const world = createWorld(limits);
    return world
      .post(body, { "content-encoding": "gzip" })
      .then(async (answer) => ({ world, answer, text: await answer.text() }));
  };

  it("is unpacked and stored", async () => {
    const { world, answer } = await post(gzipSync(JSON.stringify({ events: [track({ id: "a" })] })));
    expect(answer.status).toBe(200);
    expect(world.stored).toMatchObject([{ id: "a" }]);
  });

  it("that unpacks to more than a body may have is refused, however small it came", async () => {
    const bomb = gzipSync(`{"events":[],"x":"${"a".repeat(2_000)}"}`);
    expect(bomb.byteLength).toBeLessThan(100);
    const { answer, text } = await post(bomb, { bodyBytes: 1_000 });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([413, "application/problem+json"]);
    expect(text).toContain("unpack to at most 1000 bytes");
  });

  it("that is cut is refused in words", async () => {
    const { answer, text } = await post(gzipSync('{"events":[]}').subarray(0, -6));
    expect([answer.status, answer.headers.get("content-type")]).toEqual([400, "application/problem+json"]);
    expect(text).toContain("not complete, valid gzip");
  });
});

describe("a batch's envelope", () => {
  it("tells the sender's clock, and both times are kept", async () => {
    const world = createWorld();
    const hourAhead = { sentAt: "2026-11-23T13:00:00.000Z", sdk: "js/0.2.0" };
    const answer = await world.post({ ...hourAhead, events: [track({ time: "2026-11-23T12:59:00.000Z" })] });
    expect(await answer.json()).toEqual({ accepted: 1, refused: [] });
    expect(world.stored).toMatchObject([{ at: "1795435140.000", clock: "1795438740.000", received: "1795435200.000" }]);
  });

  it("names the SDK, which evaluations keep", async () => {
    const world = createWorld();
    const evaluations = { type: "evaluations", id: "e", time: "2026-11-23T11:59:00Z", flag: "f", variant: "on" };
    const event = { ...evaluations, rule: "", reason: "STATIC", version: 7, count: 12 };
    await world.post({ sdk: "js/0.2.0", events: [event] });
    await world.post({ events: [{ ...event, id: "old" }] });
    expect(world.stored).toMatchObject([{ sdk: "js/0.2.0" }, { id: "old", sdk: "" }]);
  });

  it.each([
    ["sentAt", "yesterday"],
    ["sentAt", 1_795_435_200_000],
    ["sentAt", null],
    ["sdk", 5],
    ["sdk", "x".repeat(65)],
    ["sdk", "a\nb"],
  ])("with a wrong %s is refused", async (field, value) => {
    const answer = await createWorld().post({ [field]: value, events: [track()] });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(`“${field}”`);
  });
});
