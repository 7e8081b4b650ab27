// @vitest-environment jsdom
import type { EvaluationContext } from "@telltale/sdk";
import { rulesetOf } from "@telltale/testing/ruleset";
import { act, render, renderHook, screen } from "@testing-library/react";
import { StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { consoleError, experiment, flag, inside, start } from "./fakes.tsx";
import { TelltaleProvider, useEvaluation, useFlag, useStatus, useTelltale, useTrack } from "./index.ts";

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
      rules: [{ id: "r", when: [{ attribute: "country", op: "in", values: ["DE"] }], serve: "on" }],
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

it("says how the client is", async () => {
  const { client, push } = start();
  const { result } = renderHook(() => useStatus(), inside(client));
  expect(result.current).toMatchObject({ state: "starting", version: 0 });
  await push(rulesetOf(5, { f: flag("on") }));
  expect(result.current).toMatchObject({ state: "ready", version: 5, source: "stream" });
});

it("says that the client is stale, and fresh again", async () => {
  const { client } = start(rulesetOf(5, { f: flag("on") }));
  let state: ReturnType<typeof client.status>["state"] = "ready";
  const listeners: Record<string, () => void> = {};
  const clocked = {
    ...client,
    status: () => ({ ...client.status(), state }),
    on(event: string, listener: unknown) {
      listeners[event] = listener as () => void;
      return () => {};
    },
  };
  const { result } = renderHook(() => useStatus(), inside(clocked));
  for (const [event, next] of [
    ["stale", "stale"],
    ["fresh", "ready"],
  ] as const) {
    state = next;
    act(() => listeners[event]?.());
    expect(result.current.state).toBe(next);
  }
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
