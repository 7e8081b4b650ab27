// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { FakeApi } from "../query/fakes.tsx";
import { MetricHistoryCard } from "./metric-history.tsx";

afterEach(cleanup);
const at = new Date("2026-11-26T10:00:00Z");
const state = (revision: number, margin: number) => ({
  name: "Bought",
  description: "",
  definition: { kind: "conversion", source: { event: "buy", where: [] } },
  direction: "increase",
  format: null,
  minimumEffect: null,
  margin,
  absoluteMargin: null,
  revision,
  actorName: "Ana",
  at,
  sentence: `Sentence ${revision}.`,
});

it("tells every revision, and shows what going back changes, and no more, before it does", async () => {
  const sent: unknown[] = [];
  const answers = {
    "metric.history": () => [state(2, 0.05), state(1, 0.02)],
    "metric.revert": (input: unknown) => {
      sent.push(input);
      return { key: "bought", revision: 3, sentence: "Reverted to revision 1: Margin: 5 % → 2 %.", running: 0 };
    },
  };
  render(
    <FakeApi answers={answers}>
      <MetricHistoryCard metric={{ key: "bought", revision: 2 }} />
    </FakeApi>,
  );
  expect(await screen.findByText(/Sentence 2/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Revert to r2" })).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Revert to r1" }));
  const dialog = within(screen.getByRole("dialog"));
  expect(dialog.getByText("Margin")).toBeTruthy();
  expect(dialog.queryByText("Written as")).toBeNull();
  expect(sent).toEqual([]);
  fireEvent.click(dialog.getByRole("button", { name: "Revert" }));
  await expect.poll(() => sent).toMatchObject([{ metric: "bought", toRevision: 1, expectedRevision: 2 }]);
});
