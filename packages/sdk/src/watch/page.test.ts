import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchPage } from "./page.ts";

let page: EventTarget;
let answer: () => Promise<Response>;
let errors: number;
const watched = {
  url: "https://edge.test",
  observe(metric: string, value?: number) {
    if (metric === "error" && value === undefined) errors++;
  },
};

beforeEach(() => {
  errors = 0;
  page = new EventTarget();
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("fetch", () => answer());
});
afterEach(() => vi.unstubAllGlobals());

const status = (code: number) => async () => new Response(null, { status: code });

describe("a page that is watched", () => {
  it("observes what nobody caught", () => {
    const stop = watchPage(watched);
    page.dispatchEvent(new Event("error"));
    page.dispatchEvent(new Event("unhandledrejection"));
    page.dispatchEvent(new Event("click"));
    expect(errors).toBe(2);
    stop();
    page.dispatchEvent(new Event("error"));
    expect(errors).toBe(2);
  });

  it("observes requests that fail, answers what they answer, and throws what they throw", async () => {
    const stop = watchPage(watched);
    for (const [code, count] of [
      ...[
        [200, 0],
        [404, 0],
        [499, 0],
      ],
      ...[
        [500, 1],
        [503, 2],
      ],
    ] as const) {
      answer = status(code);
      expect((await fetch("https://shop.test/cart")).status).toBe(code);
      expect(errors).toBe(count);
    }
    const cause = new TypeError("Failed to fetch");
    answer = () => Promise.reject(cause);
    await expect(fetch(new Request("https://shop.test/cart"))).rejects.toBe(cause);
    await expect(fetch(new URL("https://shop.test/cart"))).rejects.toBe(cause);
    expect(errors).toBe(4);
    stop();
  });

  it("leaves out what the page gave up, and the client's own requests", async () => {
    const stop = watchPage(watched);
    answer = () => Promise.reject(new DOMException("gone", "AbortError"));
    await expect(fetch("https://shop.test/cart")).rejects.toThrow("gone");
    answer = status(503);
    for (const own of ["https://edge.test/v1/events", new Request("https://edge.test/v1/stream?patches")]) {
      expect((await fetch(own)).status).toBe(503);
    }
    expect(errors).toBe(0);
    await fetch("https://edge.test.example/v1/events");
    expect(errors).toBe(1);
    stop();
  });

  it("gives `fetch` back as it was, unless somebody else has wrapped it since", async () => {
    const before = globalThis.fetch;
    watchPage(watched)();
    expect(globalThis.fetch).toBe(before);
    const stop = watchPage(watched);
    const ours = globalThis.fetch;
    globalThis.fetch = (input, init) => ours(input, init);
    stop();
    answer = status(500);
    expect((await fetch("https://shop.test/cart")).status).toBe(500);
    expect(errors).toBe(0);
  });

  it("does not mind where there is no page", () => {
    vi.stubGlobal("addEventListener", undefined);
    expect(() => watchPage(watched)()).not.toThrow();
  });
});
