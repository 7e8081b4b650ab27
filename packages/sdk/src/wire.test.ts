import { expect, it } from "vitest";
import { version } from "../package.json";
import { fakeEdge } from "./fakes.ts";
import { sendBatch } from "./wire.ts";

const event = (id: string) =>
  ({ type: "track", id, time: "2026-11-23T12:00:00Z", name: "purchase", units: { targetingKey: "u" } }) as const;
const to = (edge: ReturnType<typeof fakeEdge>) => ({ url: "https://edge.test/", key: "k", fetch: edge.fetch });

it("says which clock the times are of, and who sends", async () => {
  const edge = fakeEdge();
  await sendBatch({ ...to(edge), now: () => Date.parse("2026-11-23T13:00:00Z") }, [event("a")]);
  const { sentAt, sdk } = JSON.parse(edge.requests[0]?.body ?? "");
  expect([sentAt, sdk]).toEqual(["2026-11-23T13:00:00.000Z", `js/${version}`]);
});

it("answers the edge's receipt", async () => {
  const edge = fakeEdge();
  const receipt = { accepted: 1, refused: [] };
  expect(await sendBatch(to(edge), [event("a")])).toEqual({ ok: true, receipt });
  expect(edge.requests[0]).toMatchObject({ path: "/v1/events", keepalive: false });
});

it("says that a batch is too big", async () => {
  const edge = fakeEdge();
  edge.answer("/v1/events", new Response(null, { status: 413 }));
  expect(await sendBatch(to(edge), ["a", "b"].map(event))).toMatchObject({ ok: false, retryable: false, tooBig: true });
});

it.each<[string, number | undefined]>([
  ["3", 3_000],
  ["0", 0],
  ["0.5", 500],
  ["Mon, 01 Jan 2024 00:00:00 GMT", 0],
  ["soon", 0],
])("reads Retry-After %s", async (header, retryAfterMs) => {
  const edge = fakeEdge();
  edge.answer("/v1/events", new Response(null, { status: 429, headers: { "retry-after": header } }));
  expect(await sendBatch(to(edge), [event("a")])).toMatchObject({ ok: false, retryAfterMs });
});

it("never rejects", async () => {
  const edge = fakeEdge();
  edge.answer("/v1/events", new TypeError("fetch failed"));
  expect(await sendBatch(to(edge), [event("a")])).toEqual({
    ok: false,
    retryable: true,
    reason: "the edge was not reached: fetch failed",
  });
  expect(await sendBatch({ url: "no address", key: "k" }, [event("a")])).toMatchObject({ ok: false });
});

it.each<[string, unknown, string]>([
  [
    "what the network said",
    new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") }),
    "fetch failed: connect ECONNREFUSED",
  ],
  [
    "or its code",
    new TypeError("fetch failed", { cause: { message: "", code: "ENOTFOUND" } }),
    "fetch failed: ENOTFOUND",
  ],
  ["or what was thrown", "a text", "a text"],
  ["even nothing", null, "null"],
])("says why the edge was not reached: %s", async (_name, cause, sentence) => {
  const fetch = () => Promise.reject(cause);
  expect(await sendBatch({ url: "https://edge.test", key: "k", fetch }, [event("a")])).toMatchObject({
    reason: `the edge was not reached: ${sentence}`,
  });
});

it.each<[string, Response, string]>([
  [
    "in its own words",
    Response.json({ detail: "No such key: copy one." }, { status: 401 }),
    "401: No such key: copy one.",
  ],
  ["with the number alone where it has none", Response.json(null, { status: 400 }), "400"],
  ["or is a page of something between", new Response("<html>", { status: 403 }), "403"],
])("says why the edge refused: %s", async (_name, response, sentence) => {
  expect(await sendBatch({ ...to(fakeEdge()), fetch: async () => response }, [event("a")])).toMatchObject({
    reason: `the edge answered ${sentence}`,
  });
});
