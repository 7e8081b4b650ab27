// @vitest-environment jsdom
import { createClient, type EvaluationContext, type Ruleset } from "@telltale/sdk";
import { act, cleanup, render, renderHook, screen } from "@testing-library/react";
import { StrictMode, Suspense } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { TelltaleProvider, useEvaluation, useFlag, useReady, useStatus, useTelltale, useTrack } from "./index.ts";

type Flags = Ruleset["flags"];
const flag = (variant: string, more = {}): Flags[string] => ({
  type: "boolean",
  on: true,
  variants: { on: true, off: false },
  off: "off",
  rules: [],
  serve: { variant },
  ...more,
});
const experiment = flag("off", {
  serve: {
    split: { by: "targetingKey", seed: 1, ends: [2 ** 31, 2 ** 32], variants: ["on", "off"], experiment: "lab" },
  },
});

function rulesetOf(version: number, flags: Flags): Ruleset {
  return {
    schema: 1,
    environment: "shop/test",
    audience: "client",
    version,
    digest: `d${version}`,
    flags,
    segments: {},
    attributes: ["targetingKey"],
    hints: { flushIntervalMs: 60_000, fastLane: false },
  };
}

/** A real client; the edge behind it streams what the test pushes and keeps the events. */
function start(bootstrap?: Ruleset) {
  let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  const sent: { type: string; unit?: string }[] = [];
  const client = createClient({
    key: "k",
    url: "https://edge.test",
    bootstrap,
    fetch: async (input, init) => {
      if (!String(input).endsWith("/v1/stream")) {
        const { events } = JSON.parse(String(init?.body));
        sent.push(...events);
        return Response.json({ accepted: events.length, refused: [] });
      }
      return new Response(
        new ReadableStream<Uint8Array>({
          start: (controller) => {
            stream = controller;
          },
        }),
      );
    },
  });
  closing.push(() => client.close());
  const push = (ruleset: Ruleset) =>
    act(async () => {
      const changed = new Promise<void>((resolve) => client.on("change", () => resolve()));
      stream?.enqueue(new TextEncoder().encode(`event: ruleset\ndata: ${JSON.stringify(ruleset)}\n\n`));
      await changed;
    });
  return { client, push, sent };
}

const closing: (() => Promise<void>)[] = [];
const consoleError = vi.spyOn(console, "error");
afterEach(async () => {
  cleanup();
  expect(consoleError).not.toHaveBeenCalled();
  consoleError.mockClear();
  for (const close of closing.splice(0)) await close();
});

const inside = (client: ReturnType<typeof start>["client"], context: EvaluationContext = { targetingKey: "u-1" }) => ({
  wrapper: ({ children }: { children: React.ReactNode }) => (
    <TelltaleProvider client={client} context={context}>
      {children}
    </TelltaleProvider>
  ),
});

function Page({ onUnit }: { onUnit?: (unit: unknown) => void }) {
  const unit = useTelltale();
  onUnit?.(unit);
  return <p>{String(useFlag("f", false))}</p>;
}

describe("useFlag", () => {
  it("answers the default, then the ruleset's value, then each change", async () => {
    const { client, push } = start();
    const { result } = renderHook(() => useFlag("f", false), inside(client));
    expect(result.current).toBe(false);
    await push(rulesetOf(1, { f: flag("on") }));
    expect(result.current).toBe(true);
    await push(rulesetOf(2, { f: flag("off") }));
    expect(result.current).toBe(false);
  });

  it("renders again only for changes that touch the flag", async () => {
    const { client, push } = start(rulesetOf(1, { f: flag("on"), g: flag("on") }));
    let renders = 0;
    renderHook(() => {
      renders++;
      return useFlag("f", false);
    }, inside(client));
    await push(rulesetOf(2, { f: flag("on"), g: flag("off") }));
    expect(renders).toBe(1);
    await push(rulesetOf(3, { f: flag("off"), g: flag("off") }));
    expect(renders).toBe(2);
  });

  it("follows the context by its content", async () => {
    const german = flag("off", {
      rules: [{ id: "r", when: [{ attribute: "country", op: "in", values: ["DE"] }], serve: { variant: "on" } }],
    });
    const { client } = start(rulesetOf(1, { f: german }));
    const units = new Set<unknown>();
    const page = (context: EvaluationContext) => (
      <TelltaleProvider client={client} context={context}>
        <Page onUnit={(unit) => units.add(unit)} />
      </TelltaleProvider>
    );
    const { rerender } = render(page({ targetingKey: "u", country: "FR" }));
    expect(screen.getByText("false")).toBeTruthy();
    rerender(page({ targetingKey: "u", country: "FR" }));
    expect(units.size).toBe(1);
    rerender(page({ targetingKey: "u", country: "DE" }));
    expect(screen.getByText("true")).toBeTruthy();
    rerender(page({ targetingKey: "u", country: "DE", id: 10n }));
    expect(screen.getByText("true")).toBeTruthy();
  });

  it("is ready on the server, from a bootstrap", () => {
    const { client } = start(rulesetOf(1, { f: flag("on") }));
    const html = renderToString(
      <TelltaleProvider client={client} context={{ targetingKey: "u" }}>
        <Page />
      </TelltaleProvider>,
    );
    expect(html).toBe("<p>true</p>");
  });

  it("widens the default's type", () => {
    const { client } = start();
    const { result } = renderHook(() => {
      const text: string = useFlag("s", "x");
      const count: number = useFlag("n", 3);
      const on: boolean = useFlag("f", false);
      return [text, count, on];
    }, inside(client));
    expect(result.current).toEqual(["x", 3, false]);
  });
});

describe("useEvaluation", () => {
  it("says why", () => {
    const { client } = start(rulesetOf(4, { f: flag("on") }));
    const { result } = renderHook(() => [useEvaluation("f", false), useEvaluation("g", false)], inside(client));
    expect(result.current).toMatchObject([
      { value: true, variant: "on", reason: "STATIC", version: 4 },
      { value: false, reason: "ERROR", error: { code: "FLAG_NOT_FOUND" } },
    ]);
  });

  it("exposes a unit once, however often it renders", async () => {
    const { client, push, sent } = start(rulesetOf(1, { x: experiment }));
    const { rerender } = renderHook(() => [useEvaluation("x", false), useFlag("x", false)], {
      wrapper: ({ children }) => <StrictMode>{inside(client).wrapper({ children })}</StrictMode>,
    });
    rerender();
    await push(rulesetOf(2, { x: experiment, y: flag("on") }));
    rerender();
    await client.flush();
    expect(sent.filter(({ type }) => type === "exposure")).toMatchObject([{ unit: "u-1" }]);
  });
});

function Both({ onText }: { onText: (text: string) => void }) {
  const text = `${useFlag("f", false)} ${useEvaluation("x", false).variant}`;
  onText(text);
  return <p>{text}</p>;
}

function Exposed() {
  return <p>{String(useFlag("x", false))}</p>;
}

/** Suspends until there is nothing to wait for. */
function Sibling({ until }: { until: () => Promise<void> | undefined }) {
  const waiting = until();
  if (waiting) throw waiting;
  return null;
}

function Waiting() {
  useReady({ timeoutMs: 20 });
  return <p>{`there ${useFlag("f", false)}`}</p>;
}

describe("rendered on the server", () => {
  it("hydrates with what the server had, though a newer ruleset came before, and then follows", async () => {
    const bootstrap = rulesetOf(1, { f: flag("on"), x: experiment });
    const server = start(bootstrap);
    const browser = start(bootstrap);
    const seen: string[] = [];
    const page = (client: typeof server.client) => (
      <TelltaleProvider client={client} context={{ targetingKey: "u-1" }}>
        <Both onText={(text) => seen.push(text)} />
      </TelltaleProvider>
    );
    const container = document.createElement("div");
    document.body.append(container);
    container.innerHTML = renderToString(page(server.client));
    await browser.push(rulesetOf(2, { f: flag("off"), x: experiment }));
    seen.length = 0;
    const errors: unknown[] = [];
    const root = await act(async () =>
      hydrateRoot(container, page(browser.client), { onRecoverableError: (error) => errors.push(error) }),
    );
    expect(errors).toEqual([]);
    expect(seen[0]).toMatch(/^true /);
    expect(container.textContent).toMatch(/^false /);
    await browser.client.flush();
    expect(browser.sent.filter(({ type }) => type === "exposure")).toHaveLength(1);
    await act(async () => root.unmount());
    container.remove();
    await server.client.flush();
    expect(server.sent).toEqual([]);
  });
});

describe("what never came on the page", () => {
  it("is no exposure: a sibling suspends and the rendering is thrown away", async () => {
    const { client, sent } = start(rulesetOf(1, { x: experiment }));
    let finish = () => {};
    const waiting = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let isDone = false;
    render(
      <TelltaleProvider client={client} context={{ targetingKey: "u-1" }}>
        <Suspense fallback={<p>waiting</p>}>
          <Exposed />
          <Sibling until={() => (isDone ? undefined : waiting)} />
        </Suspense>
      </TelltaleProvider>,
    );
    expect(screen.getByText("waiting")).toBeTruthy();
    await client.flush();
    expect(sent).toEqual([]);
    await act(async () => {
      isDone = true;
      finish();
      await waiting;
    });
    await client.flush();
    expect(sent.filter(({ type }) => type === "exposure")).toHaveLength(1);
  });
});

it("renders once for a change of many flags", async () => {
  const { client, push } = start(rulesetOf(1, { f: flag("on"), g: flag("on"), h: flag("on") }));
  let renders = 0;
  const { result, unmount } = renderHook(() => {
    renders++;
    return [useFlag("f", false), useFlag("g", false), useFlag("h", false)];
  }, inside(client));
  const before = renders;
  await push(rulesetOf(2, { f: flag("off"), g: flag("off"), h: flag("off") }));
  expect(result.current).toEqual([false, false, false]);
  expect(renders).toBe(before + 1);
  unmount();
  await push(rulesetOf(3, { f: flag("on"), g: flag("on"), h: flag("on") }));
  expect(renders).toBe(before + 1);
});

it("waits for the first ruleset under Suspense, and goes on with defaults when none comes in time", async () => {
  const show = (client: ReturnType<typeof start>["client"]) =>
    render(
      <TelltaleProvider client={client} context={{ targetingKey: "u-1" }}>
        <Suspense fallback={<p>waiting</p>}>
          <Waiting />
        </Suspense>
      </TelltaleProvider>,
    );
  const one = start();
  show(one.client);
  expect(screen.getByText("waiting")).toBeTruthy();
  await one.push(rulesetOf(1, { f: flag("on") }));
  expect(await screen.findByText("there true")).toBeTruthy();
  cleanup();
  show(start().client);
  expect(await screen.findByText("there false")).toBeTruthy();
});

it("says how the client is", async () => {
  const { client, push } = start();
  const { result } = renderHook(() => useStatus(), inside(client));
  expect(result.current).toMatchObject({ state: "starting", version: 0 });
  await push(rulesetOf(5, { f: flag("on") }));
  expect(result.current).toMatchObject({ state: "ready", version: 5, source: "stream" });
});

it("gives a track function that stays the same", async () => {
  const { client, sent } = start();
  const { result, rerender } = renderHook(() => useTrack(), inside(client));
  const first = result.current;
  rerender();
  expect(result.current).toBe(first);
  first("visit");
  await client.flush();
  expect(sent).toMatchObject([{ type: "track", name: "visit" }]);
});

it("tracks in the unit's name", async () => {
  const { client, sent } = start();
  const { result } = renderHook(() => useTelltale(), inside(client));
  result.current.track("purchase", { value: 3 });
  await client.flush();
  expect(sent).toMatchObject([{ type: "track", name: "purchase", units: { targetingKey: "u-1" }, value: 3 }]);
});

it("says what is wrong outside of a provider", () => {
  consoleError.mockImplementation(() => {});
  expect(() => renderHook(() => useTelltale())).toThrow(/inside <TelltaleProvider/);
  consoleError.mockReset();
});
