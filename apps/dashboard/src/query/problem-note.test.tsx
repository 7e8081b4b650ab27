// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { ProblemNote } from "./problem-note.tsx";

afterEach(cleanup);
const path = (at: number) => ["config", "targets", 0, "ids", at];

it("tells what was refused by value and reason, all of it, and never by a path", () => {
  const parts = Array.from({ length: 7 }, (_, at) => ({ path: path(at), value: `id-${at}`, reason: "Too long." }));
  const message = "config.targets.0.ids.0: Too long.";
  render(<ProblemNote problem={{ code: "INVALID", message, input: { total: 9, parts } }} />);
  expect(screen.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual(
    parts.map(({ value }) => `${value}Too long.`),
  );
  expect(screen.getByText("2 more will be shown once these are fixed.")).toBeTruthy();
  expect(document.body.textContent).not.toContain("config.");
});

it("is the sentence of any other refusal", () => {
  render(<ProblemNote problem={{ code: "EXISTS", message: "There is one already." }} />);
  expect(screen.getByRole("alert").textContent).toBe("There is one already.");
});
