// @vitest-environment jsdom
import type { Client } from "@telltale/sdk";
import { rulesetOf } from "@telltale/testing/ruleset";
import { act, cleanup, render, screen } from "@testing-library/react";
import { type ReactNode, StrictMode, Suspense } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { describe, expect, it, vi } from "vitest";
import { experiment, flag, start } from "./fakes.tsx";
import { TelltaleProvider, useClient, useEvaluation, useFlag, useReady, useStatus } from "./index.ts";

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

const clients = new Set<Client>();
function WithClient() {
  clients.add(useClient());
  return <p>{`${useFlag("f", false)} ${useStatus().version}`}</p>;
}

it("keeps one client for a page, made from options, through StrictMode and a second mounting", async () => {
  const connect = vi.fn(async () => new Response(new ReadableStream()));
  const bootstrap = rulesetOf(3, { f: flag("on") });
  const page = (children: ReactNode, key: string) => (
    <StrictMode>
      <TelltaleProvider
        options={{ key, url: "https://options.test", bootstrap, fetch: connect, events: false }}
        context={{ targetingKey: "u-1" }}
      >
        {children}
      </TelltaleProvider>
    </StrictMode>
  );
  render(page(<WithClient />, "one")).unmount();
  render(page(<WithClient />, "one"));
  expect(screen.getByText("true 3")).toBeTruthy();
  expect(clients.size).toBe(1);
  expect(connect).toHaveBeenCalledTimes(1);
  render(page(<WithClient />, "two"));
  expect(clients.size).toBe(2);
  for (const client of clients) await client.close();
});
