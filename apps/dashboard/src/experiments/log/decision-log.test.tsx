// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { type Answers, FakeApi } from "../../query/fakes.tsx";
import { DecisionLog } from "./decision-log.tsx";

afterEach(cleanup);
const entry = (parts: object) => ({
  id: "1",
  object: "experiment",
  objectKey: "checkout",
  environment: "production",
  action: "start",
  sentence: "Started: off 50 %, on 50 %.",
  comment: "",
  actorName: "Ana",
  at: new Date("2026-11-26T10:00:00Z"),
  ...parts,
});
const show = (answers: Answers) =>
  render(
    <FakeApi answers={answers}>
      <DecisionLog experiment="checkout" />
    </FakeApi>,
  );
const write = (text: string) => {
  fireEvent.change(screen.getByRole("textbox", { name: "Note" }), { target: { value: text } });
  fireEvent.click(screen.getByRole("button", { name: "Add note" }));
};

describe("the decision log", () => {
  it("shows this experiment's entries, and a new note at once", async () => {
    const items = [entry({})];
    const asked: unknown[] = [];
    show({
      "audit.list": (input) => {
        asked.push(input);
        return { items: [...items], next: null };
      },
      "experiment.note": (input) => {
        asked.push(input);
        items.unshift(entry({ id: "2", action: "note", sentence: "Noted.", comment: "We wait for the weekend." }));
        return { key: "checkout" };
      },
    });
    await screen.findByText("Started: off 50 %, on 50 %.");
    write("We wait for the weekend.");
    expect(await screen.findByText("“We wait for the weekend.”")).toBeTruthy();
    expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Note" }).value).toBe("");
    const of = { object: "experiment", key: "checkout" };
    expect(asked.slice(0, 2)).toEqual([
      { project: "demo/harbour", limit: 50, of },
      { project: "demo/harbour", experiment: "checkout", note: "We wait for the weekend." },
    ]);
  });

  it("keeps what was typed when it could not be stored, and asks nothing for an empty note", async () => {
    const asked: unknown[] = [];
    show({
      "audit.list": () => ({ items: [], next: null }),
      "experiment.note": (input) => {
        asked.push(input);
        throw new Error("The database is away.");
      },
    });
    write("   ");
    expect(asked).toEqual([]);
    write("We ship on Monday.");
    await expect.poll(() => screen.getByRole("textbox", { name: "Note" }).getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Note" }).value).toBe("We ship on Monday.");
  });
});
