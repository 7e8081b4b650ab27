// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { FakeApi } from "../query/fakes.tsx";
import { SegmentHistory } from "./segment-history.tsx";

afterEach(cleanup);
const at = new Date("2026-11-26T10:00:00Z");
const state = (revision: number, included: string[]) => ({
  key: "staff",
  name: "Staff",
  description: "",
  revision,
  actorName: "Ana",
  at,
  sentence: `Sentence ${revision}.`,
  definition: { included, excluded: [], rules: [] },
});

it("tells every revision, and shows what going back changes before it does", async () => {
  const sent: unknown[] = [];
  const answers = {
    "segment.history": () => [state(2, ["ana", "ben"]), state(1, ["ana"])],
    "segment.revert": (input: unknown) => {
      sent.push(input);
      return { key: "staff", revision: 3, sentence: "Reverted to revision 1: Ids always in removed (ben)." };
    },
  };
  render(
    <FakeApi answers={answers}>
      <SegmentHistory segment={state(2, ["ana", "ben"])} />
    </FakeApi>,
  );
  expect(await screen.findByText(/Sentence 2/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Revert to r1" }));
  const dialog = within(screen.getByRole("dialog"));
  expect(dialog.getByText("Ids always in")).toBeTruthy();
  expect(sent).toEqual([]);
  fireEvent.click(dialog.getByRole("button", { name: "Revert" }));
  await expect.poll(() => sent).toMatchObject([{ key: "staff", toRevision: 1, expectedRevision: 2 }]);
});
