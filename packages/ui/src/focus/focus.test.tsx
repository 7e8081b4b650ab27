// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ConfirmPopover } from "../action/confirm-popover.tsx";
import { Dialog } from "../surface/dialog.tsx";
import { useFocusWatch } from "./focus-watch.ts";

beforeAll(() => {
  // jsdom has no layout: what observes it needs no more than a name.
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
});
afterEach(cleanup);
const focused = () => document.activeElement;

/** A section with a bar that goes away when its button is pressed, and two overlays. */
function Page({ onRemove }: { onRemove?: () => void }) {
  useFocusWatch();
  const [open, setOpen] = useState<"dialog" | "popover" | "none">("none");
  const [hasBar, setHasBar] = useState(true);
  const remove = () => {
    setHasBar(false);
    setOpen("none");
    onRemove?.();
  };
  return (
    <main tabIndex={-1}>
      <section aria-label="part">
        {hasBar ? (
          <div>
            <button type="button" onClick={() => setOpen("dialog")}>
              review
            </button>
            <button type="button" onClick={remove}>
              discard
            </button>
          </div>
        ) : null}
      </section>
      <ConfirmPopover
        open={open === "popover"}
        onOpenChange={(next) => setOpen(next ? "popover" : "none")}
        anchor={
          <button type="button" onClick={() => setOpen("popover")}>
            stop
          </button>
        }
        title="Stop?"
        action="Stop it"
        onConfirm={() => setOpen("none")}
      >
        It stops.
      </ConfirmPopover>
      <Dialog open={open === "dialog"} onOpenChange={() => setOpen("none")} title="Review">
        <p>What will change.</p>
        <input aria-label="comment" />
        <button type="button" onClick={remove}>
          publish
        </button>
      </Dialog>
    </main>
  );
}

function open(name: string) {
  const opener = screen.getByText(name);
  opener.focus();
  fireEvent.click(opener);
  return opener;
}

describe("overlays", () => {
  it.each([
    ["a dialog opens on its first field", "review", "comment"],
    ["a question without a field opens on Cancel", "stop", "Cancel"],
  ])("%s and gives the focus back", async (_, name, first) => {
    render(<Page />);
    const opener = open(name);
    const inside = first === "comment" ? screen.getByLabelText(first) : screen.getByText(first);
    await vi.waitFor(() => expect(focused()).toBe(inside));
    fireEvent.keyDown(inside, { key: "Escape" });
    await vi.waitFor(() => expect(focused()).toBe(opener));
  });

  it("give it to the part of the page that the opener was in, when that has gone meanwhile", async () => {
    render(<Page />);
    open("review");
    fireEvent.click(screen.getByText("publish"));
    await vi.waitFor(() => expect(focused()).toBe(screen.getByLabelText("part")));
  });
});

describe("a control that goes away with the focus", () => {
  it("leaves it to the part of the page that it was in, for as long as it stays there", async () => {
    render(<Page />);
    open("discard");
    const part = screen.getByLabelText("part");
    await vi.waitFor(() => expect(focused()).toBe(part));
    screen.getByText("stop").focus();
    expect(part.hasAttribute("tabindex")).toBe(false);
  });

  it("takes the focus from nobody who has gone on", async () => {
    const removed = vi.fn<() => void>();
    render(<Page onRemove={removed} />);
    open("discard");
    screen.getByText("stop").focus();
    expect(removed).toHaveBeenCalled();
    await vi.waitFor(() => expect(screen.queryByText("discard")).toBeNull());
    expect(focused()).toBe(screen.getByText("stop"));
  });
});
