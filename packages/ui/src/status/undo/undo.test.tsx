// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { notifyWithUndo, Toaster } from "../toast.tsx";

afterEach(cleanup);

let changes = 0;

async function setup() {
  // Messages of earlier tests may still be on the page.
  const message = `Change ${++changes} was made.`;
  const undo = vi.fn<() => void>();
  render(
    <>
      <button type="button">changed</button>
      <input aria-label="field" />
      <Toaster />
    </>,
  );
  const changed = screen.getByRole("button", { name: "changed" });
  changed.focus();
  act(() => notifyWithUndo(message, undo));
  const toast = (await screen.findByText(message)).closest("li");
  if (!toast) throw new Error("the message is no row");
  const button = within(toast).getByRole("button", { name: "Undo" });
  return { undo, changed, button, field: screen.getByRole("textbox", { name: "field" }) };
}
const press = (key: string, more = {}) => fireEvent.keyDown(document.activeElement ?? document, { key, ...more });

describe("a change that can be taken back", () => {
  it("is reached by the next Tab, once, and left to where it was made", async () => {
    const { changed, button } = await setup();
    expect(press("Tab")).toBe(false);
    expect(document.activeElement).toBe(button);
    expect(press("Tab", { shiftKey: true })).toBe(false);
    expect(document.activeElement).toBe(changed);
    expect(press("Tab")).toBe(true);
    expect(document.activeElement).toBe(changed);
  });

  it("does not hold Tab where the message is passed without being led there", async () => {
    const { button } = await setup();
    button.focus();
    expect(press("Tab")).toBe(true);
    expect(document.activeElement).toBe(button);
  });

  it("does not lead away who went elsewhere since, or who writes", async () => {
    const { changed, field } = await setup();
    fireEvent.pointerDown(document.body);
    expect(press("Tab")).toBe(true);
    expect(document.activeElement).toBe(changed);
    field.focus();
    expect(press("Tab")).toBe(true);
    expect(document.activeElement).toBe(field);
  });

  it("is taken back by Ctrl+Z and by ⌘Z, once, and never from a field", async () => {
    const { undo, changed, field } = await setup();
    field.focus();
    press("z", { ctrlKey: true });
    expect(undo).not.toHaveBeenCalled();
    changed.focus();
    press("z", { ctrlKey: true, shiftKey: true });
    expect(undo).not.toHaveBeenCalled();
    press("z", { metaKey: true });
    press("z", { ctrlKey: true });
    expect(undo).toHaveBeenCalledTimes(1);
  });

  it("gives the focus back when its button was pressed", async () => {
    const { undo, changed, button } = await setup();
    press("Tab");
    fireEvent.click(button);
    expect(undo).toHaveBeenCalledTimes(1);
    expect(document.activeElement).toBe(changed);
  });
});
