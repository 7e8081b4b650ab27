import { describe, expect, it } from "vitest";
import { createWorld, exposure, SERVER_KEY, track } from "../fake-world.ts";

describe("POST /v1/events", () => {
  it("answers after the store has the events", async () => {
    const world = createWorld();
    const answer = await world.post({ events: [exposure({ id: "a" }), track({ id: "b", value: 42.5 })] });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ accepted: 2, refused: [] });
    expect(
      world.stored.map((row) => [row.project, row.environment, row.event.id, row.receivedAt.toISOString()]),
    ).toEqual([
      ["harbour", "production", "a", "2026-11-23T12:00:00.000Z"],
      ["harbour", "production", "b", "2026-11-23T12:00:00.000Z"],
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
    expect(Object.keys(world.stored[0]?.event ?? {})).toEqual(["type", "id", "time", "name", "units"]);
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
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "2"]);
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
    expect([second.status, second.headers.get("retry-after")]).toEqual([503, "1"]);
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
    ["deep nesting", `{"events":${"[".repeat(200_000)}${"]".repeat(200_000)}}`, 200],
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

  it("takes no compressed body", async () => {
    expect((await createWorld().post({ events: [] }, { "content-encoding": "gzip" })).status).toBe(415);
  });
});
