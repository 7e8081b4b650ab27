// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { type Answers, FakeApi } from "../../query/fakes.tsx";
import { experiment, snapshot } from "../fixtures.ts";
import { Freshness } from "./freshness.tsx";

afterEach(cleanup);
const show = (answers: Answers, over: Parameters<typeof experiment>[0] = {}) =>
  render(
    <FakeApi answers={answers}>
      <Freshness experiment={experiment(over)} snapshot={snapshot()} />
    </FakeApi>,
  );
const press = () => fireEvent.click(screen.getByRole("button", { name: "Refresh" }));

describe("Freshness", () => {
  it("asks for a run, follows it and says politely that it is done", async () => {
    const asked: unknown[] = [];
    show({
      "experiment.refresh": (input) => {
        asked.push(input);
        return { request: "7" };
      },
      "experiment.request": (input) => {
        asked.push(input);
        return { finishedAt: new Date(), problem: null };
      },
    });
    expect(screen.getByRole("status").textContent).toBe("");
    press();
    expect(await screen.findByText("Refreshed, data to 14:00 UTC.")).toBe(screen.getByRole("status"));
    expect(asked).toEqual([
      { project: "demo/harbour", experiment: "checkout" },
      { project: "demo/harbour", experiment: "checkout", request: "7" },
    ]);
  });

  it("is busy until there is an answer", async () => {
    show({
      "experiment.refresh": () => ({ request: "7" }),
      "experiment.request": () => ({ finishedAt: null, problem: null }),
    });
    press();
    await screen.findByText("Computing the results again…");
    expect(screen.getByRole("button", { name: "Refresh" }).getAttribute("aria-busy")).toBe("true");
  });

  it("says why it failed", async () => {
    show({
      "experiment.refresh": () => ({ request: "7" }),
      "experiment.request": () => ({ finishedAt: new Date(), problem: "The event store is away." }),
    });
    press();
    expect(await screen.findByText("Not refreshed. The event store is away.")).toBeTruthy();
  });

  it("waits with those who asked elsewhere, and tells how far the newest look reached", () => {
    const { state } = experiment();
    const request = {
      id: "1",
      breakdown: null,
      requestedBy: "Li",
      createdAt: new Date(),
      startedAt: null,
      finishedAt: null,
      snapshot: null,
      problem: null,
    };
    const dataTo = new Date("2026-11-24T14:30:00Z");
    show({}, { state: { ...state, dataTo, requests: [request] } });
    expect(screen.getByText("Computing the results again…")).toBeTruthy();
    expect(screen.getByText(/14:30 UTC/)).toBeTruthy();
  });
});
