import type { TelltaleEvent } from "@telltale/evaluator";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ClientOptions } from "./client.ts";
import { experiment, type FakeRequest, fakeClock, fakeEdge, rulesetOf, settle, startClient } from "./fakes.ts";

/** What a browser allows all requests together that outlive a page. */
const BROWSER_BYTES_MAX = 65_536;
const bootstrap = rulesetOf(7, { x: experiment });

afterEach(() => vi.unstubAllGlobals());

function openPage() {
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const page = new EventTarget();
  vi.stubGlobal("document", document);
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  return {
    hide() {
      document.visibilityState = "hidden";
      document.dispatchEvent(new Event("visibilitychange"));
    },
    leave: () => page.dispatchEvent(new Event("pagehide")),
  };
}

/** A browser's network: requests that outlive their page have a limit together, the others end with it. */
function browserNetwork() {
  const edge = fakeEdge();
  const bodies: TelltaleEvent[][] = [];
  let bytes = 0;
  let isOpen = true;
  const held: (() => void)[] = [];
  const network: typeof fetch = async (input, init) => {
    if (!init?.keepalive) return edge.fetch(input, init);
    const size = Buffer.byteLength(String(init.body));
    if (bytes + size > BROWSER_BYTES_MAX) throw new TypeError("Failed to fetch");
    bytes += size;
    bodies.push(JSON.parse(String(init.body)).events);
    if (!isOpen) await new Promise<void>((resolve) => held.push(resolve));
    bytes -= size;
    return edge.fetch(input, init);
  };
  return {
    edge,
    network,
    bodies,
    hold: () => {
      isOpen = false;
    },
    open() {
      isOpen = true;
      for (const go of held.splice(0)) go();
    },
    bytes: () => bytes,
  };
}

/** A storage as a browser has it, with its limit. */
function memory() {
  const kept: Record<string, string> = {};
  return {
    kept,
    events: () =>
      Object.entries(kept).flatMap(([name, text]) =>
        name.endsWith(":events") ? (JSON.parse(text) as TelltaleEvent[]) : [],
      ),
    getItem: (name: string) => kept[name] ?? null,
    setItem(name: string, text: string) {
      if (text.length > 5_000_000) throw new DOMException("full", "QuotaExceededError");
      kept[name] = text;
    },
  };
}

const track = (client: ReturnType<typeof startClient>["client"], from: number, to: number, bytes = 600) => {
  const me = client.for({ targetingKey: "u-1" });
  for (let i = from; i < to; i++) me.track(`e${i}`, { properties: { text: "x".repeat(bytes - 170) } });
};
const names = (events: Iterable<TelltaleEvent>) =>
  [...events].map((one) => (one.type === "track" ? one.name : one.type));

describe("a page that is hidden", () => {
  it("sends all that waits, in requests within the browser's limit", async () => {
    const page = openPage();
    const { edge, network, bodies } = browserNetwork();
    const { client, errors } = startClient({ fetch: network, bootstrap });
    track(client, 0, 450);
    page.hide();
    for (let i = 0; i < 20; i++) await settle();
    expect(edge.stored.size).toBe(450);
    expect(bodies.length).toBeGreaterThan(3);
    expect(client.status()).toMatchObject({ queued: 0, acknowledged: 450, refused: 0, dropped: 0 });
    expect(bodies.flat()).toHaveLength(450);
    expect(errors).toEqual([]);
    await client.close();
  });

  it("sends exposures first, counts last", async () => {
    const page = openPage();
    const { network, bodies, hold } = browserNetwork();
    const { client } = startClient({ fetch: network, bootstrap });
    track(client, 0, 450);
    for (let i = 0; i < 10; i++) client.for({ targetingKey: `u-${i}` }).value("x", false);
    hold();
    page.hide();
    await settle();
    expect(bodies).toHaveLength(1);
    expect(names(bodies[0] ?? []).slice(0, 11)).toEqual([...new Array(10).fill("exposure"), "e0"]);
    const kinds = (bodies[0] ?? []).map(({ type }) => type);
    expect(kinds.lastIndexOf("track")).toBeLessThan(kinds.indexOf("evaluations"));
    void client.close();
  });

  it("and then left fills what the browser still allows, and sends nothing twice", async () => {
    const page = openPage();
    const { edge, network, bodies, hold, open, bytes } = browserNetwork();
    const { client } = startClient({ fetch: network, bootstrap });
    hold();
    track(client, 0, 10);
    page.hide();
    track(client, 10, 200);
    page.leave();
    page.leave();
    await settle();
    expect(bytes()).toBeGreaterThan(55_000);
    expect(bodies.flat()).toHaveLength(new Set(bodies.flat().map(({ id }) => id)).size);
    open();
    for (let i = 0; i < 20; i++) await settle();
    expect(edge.stored.size).toBe(200);
    await client.close();
  });

  it("leaves what the edge refuses for later", async () => {
    const page = openPage();
    const { client, edge, clock } = startClient({ bootstrap });
    edge.answer("/v1/events", new Response(null, { status: 503 }));
    track(client, 0, 450);
    page.hide();
    await settle();
    expect([edge.to("/v1/events").length, client.status().queued]).toEqual([1, 450]);
    await clock.advance(10_000);
    expect(client.status()).toMatchObject({ queued: 0, acknowledged: 450 });
    await client.close();
  });
});

/** A page of its own, with the storage of the one before; its clock stands still. */
function visit(storage: ClientOptions["storage"], fetch: typeof globalThis.fetch) {
  const page = openPage();
  const clock = fakeClock();
  const started = startClient({ storage, fetch, now: clock.now, schedule: clock.schedule, bootstrap });
  return { ...started, clock, page };
}
const never: typeof fetch = () => new Promise(() => {});
const keepsEvents = ({ path }: FakeRequest) => path === "/v1/events";

describe("with a storage", () => {
  it("what was not answered when a page was left is sent at the next visit, once", async () => {
    const storage = memory();
    const before = visit(storage, never);
    track(before.client, 0, 20);
    before.page.leave();
    await settle();
    expect(storage.events()).toHaveLength(20);
    const edge = fakeEdge();
    const after = visit(storage, edge.fetch);
    await settle();
    expect(names(edge.stored.values())).toEqual(Array.from({ length: 20 }, (_, i) => `e${i}`));
    expect(edge.requests.filter(keepsEvents)).toHaveLength(1);
    expect(storage.events()).toEqual([]);
    await after.client.close();
  });

  it("what was answered after all is forgotten", async () => {
    const storage = memory();
    const edge = fakeEdge();
    const { client, page } = visit(storage, edge.fetch);
    track(client, 0, 450);
    page.hide();
    for (let i = 0; i < 20; i++) await settle();
    expect([edge.stored.size, storage.events()]).toEqual([450, []]);
    await client.close();
  });

  it("two pages do not take away what the other one keeps", async () => {
    const storage = memory();
    const one = visit(storage, never);
    track(one.client, 0, 5);
    one.page.leave();
    await settle();
    const other = visit(storage, never);
    await settle();
    track(other.client, 5, 10);
    other.page.leave();
    await settle();
    expect(storage.events()).toHaveLength(10);
    const edge = fakeEdge();
    const third = visit(storage, edge.fetch);
    await settle();
    expect([edge.stored.size, storage.events()]).toEqual([10, []]);
    await third.client.close();
  });

  it("keeps exposures first where there is not room for all", async () => {
    const storage = memory();
    const { client, page } = visit(storage, never);
    track(client, 0, 300, 10_000);
    for (let i = 0; i < 10; i++) client.for({ targetingKey: `u-${i}` }).value("x", false);
    page.leave();
    await settle();
    expect(names(storage.events()).slice(0, 10)).toEqual(new Array(10).fill("exposure"));
    expect(JSON.stringify(storage.kept).length).toBeLessThan(1_200_000);
  });

  it.each(["{", "null", "5", '[null,5,"x",{}]', "[]"])(
    "that holds %s, nothing is sent and nothing breaks",
    async (text) => {
      const storage = memory();
      const edge = fakeEdge();
      const read = { ...storage, getItem: (name: string) => (name.endsWith(":events") ? text : null) };
      const { client, clock, errors } = visit(read, edge.fetch);
      await clock.advance(20_000);
      expect(edge.requests.filter(keepsEvents)).toEqual([]);
      expect(errors.filter((message) => !message.includes("/v1/ruleset"))).toEqual([]);
      await client.close();
    },
  );
});

it("without a storage nothing is kept anywhere", async () => {
  const local = memory();
  vi.stubGlobal("localStorage", local);
  const { client, page } = visit(undefined, never);
  track(client, 0, 5);
  page.leave();
  await settle();
  expect(local.kept).toEqual({});
  void client.close();
});

it("outside of pages the storage is not asked for events", async () => {
  const asked = vi.fn(() => null);
  const { client } = startClient({ storage: { getItem: asked, setItem() {} } });
  await settle();
  expect(asked.mock.calls.flat().filter((name) => String(name).endsWith(":events"))).toEqual([]);
  await client.close();
});
