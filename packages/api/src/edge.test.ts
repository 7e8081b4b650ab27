import { describe, expect, it } from "vitest";
import { openEdgeMonitor } from "./edge.ts";

const page = (lines: string[]) => new Response(`# TYPE telltale_edge_streams gauge\n${lines.join("\n")}\n`);
const both = ["telltale_edge_queued_events 12", "telltale_edge_spool_bytes 3400000"];

/** What an edge that answers so says, and how it was asked. */
async function ask(answer: () => Response, metricsToken?: string) {
  const asked: [string, string | null][] = [];
  const fetch = async (...args: Parameters<typeof globalThis.fetch>) => {
    const request = new Request(...args);
    asked.push([request.url, request.headers.get("authorization")]);
    return answer();
  };
  return { waiting: await openEdgeMonitor({ url: "http://edge.example.com/", metricsToken, fetch }).waiting(), asked };
}

describe("what waits at the edge", () => {
  it("is read from its metrics, with its token where it has one", async () => {
    expect(await ask(() => page(both))).toEqual({
      waiting: { known: true, events: 12, spoolBytes: 3_400_000 },
      asked: [["http://edge.example.com/metrics", null]],
    });
    expect((await ask(() => page(both), "secret")).asked).toEqual([
      ["http://edge.example.com/metrics", "Bearer secret"],
    ]);
  });

  it.each([
    ["an edge that does not answer", () => Promise.reject(new TypeError("fetch failed")) as never, "did not answer"],
    ["one that wants a token", () => new Response("", { status: 401 }), "METRICS_TOKEN"],
    ["one whose metrics are kept from the public", () => new Response("", { status: 404 }), "answered 404"],
    ["something that is no edge", () => new Response("<html>hello</html>"), "EDGE_URL"],
    ["half of the figures", () => page(both.slice(1)), "EDGE_URL"],
  ])("is not known of %s, and that is said", async (_, answer, reason) => {
    const { waiting } = await ask(answer);
    expect(waiting).toEqual({ known: false, reason: expect.stringContaining(reason) });
  });
});
