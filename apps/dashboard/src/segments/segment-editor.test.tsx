// @vitest-environment jsdom
import type { PublicError } from "@telltale/api";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Answers, FakeApi, refusal } from "../query/fakes.tsx";
import { SegmentEditor } from "./segment-editor.tsx";

beforeAll(() => {
  // jsdom has no layout: what observes it needs no more than a name.
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
});
afterEach(() => {
  const discard = screen.queryByText("Discard");
  if (discard) fireEvent.click(discard);
  cleanup();
});

const ids = (count: number) => Array.from({ length: count }, (_, at) => `u-${at}`);
const show = (answers: Answers = {}, revision = 3) =>
  render(
    <FakeApi answers={answers}>
      <SegmentEditor
        segment={{
          key: "staff",
          name: "Staff",
          description: "",
          revision,
          definition: { included: [], excluded: [], rules: [] },
        }}
        usedBy={[]}
      />
    </FakeApi>,
  );
const list = () => screen.getByLabelText("Always in");
const paste = (values: string[]) => fireEvent.paste(list(), { clipboardData: { getData: () => values.join("\n") } });
const save = (name = "Save") => fireEvent.click(screen.getByText(name));

describe("what is typed into a segment", () => {
  it("is there again after another page was looked at", () => {
    show();
    paste(ids(200));
    cleanup();
    show();
    expect(screen.getByText("40 of 200 are shown.")).toBeTruthy();
    fireEvent.click(screen.getByText("Discard"));
    cleanup();
    show();
    expect(screen.queryByLabelText("Unsaved changes")).toBeNull();
  });

  it("holds back the browser from leaving the product until it is saved or discarded", () => {
    const leave = () => {
      const event = new Event("beforeunload", { cancelable: true });
      window.dispatchEvent(event);
      return event.defaultPrevented;
    };
    show();
    expect(leave()).toBe(false);
    paste(ids(2));
    cleanup();
    expect(leave()).toBe(true);
    show();
    fireEvent.click(screen.getByText("Discard"));
    expect(leave()).toBe(false);
  });

  it("does not go over what somebody saved meanwhile without a word", async () => {
    const sent: unknown[] = [];
    const answers = {
      "segment.save": (input: unknown) => {
        sent.push(input);
        if (sent.length === 1) throw refusal({ code: "CONFLICT", message: "Both of you changed the name." });
        return { key: "staff", revision: 5, sentence: "Ids always in added: u-1, u-2." };
      },
    };
    show(answers);
    paste(["u-1", "u-2"]);
    cleanup();
    show(answers, 4);
    expect(screen.queryByText("Save")).toBeNull();
    // On top of it, from the revision that was edited: what they changed stays.
    save("Save on top of revision 4");
    expect(await screen.findByText("Both of you changed the name.")).toBeTruthy();
    save("Save in place of revision 4");
    await expect.poll(() => sent).toMatchObject([{ expectedRevision: 3 }, { expectedRevision: 4 }]);
  });
});

describe("ids that are refused", () => {
  const long = "x".repeat(300);
  const parts: NonNullable<PublicError["input"]>["parts"] = [0, 201].map((at) => ({
    path: ["definition", "included", at],
    reason: `Too long at ${at}.`,
  }));
  const refusing = {
    "segment.save": () => {
      throw refusal({ code: "INVALID", message: "definition.included.201: Too big", input: { total: 2, parts } });
    },
  };
  const bad = () => screen.findByLabelText("Ids that cannot be saved");

  it("are listed by value and reason, wherever they stand, and no path of a schema is", async () => {
    show(refusing);
    paste([`${long}a`, ...ids(200), `${long}b`, "u-200"]);
    save();
    const rows = within(await bad()).getAllByRole("listitem");
    expect(rows).toHaveLength(2);
    expect(rows.map(({ textContent }) => textContent)).toEqual([
      expect.stringContaining("Too long at 0."),
      expect.stringContaining("Too long at 201."),
    ]);
    expect(rows[0]?.textContent).toContain("x".repeat(80));
    expect(document.body.textContent).not.toContain("definition.included");
  });

  it("are taken out one by one or together, and the others stay", async () => {
    show(refusing);
    paste([`${long}a`, ...ids(200), `${long}b`]);
    save();
    fireEvent.click(within(await bad()).getAllByLabelText(/^Remove x/)[0] ?? list());
    expect(within(await bad()).getAllByRole("listitem")).toHaveLength(1);
    fireEvent.click(screen.getByText("Remove it"));
    expect(screen.queryByLabelText("Ids that cannot be saved")).toBeNull();
    expect(screen.getByText("40 of 200 are shown.")).toBeTruthy();
  });

  it("are all of them, when an id is listed and left out", () => {
    show();
    paste(["u-1", "u-2", "u-3"]);
    const out = screen.getByLabelText(/^Never in/);
    fireEvent.paste(out, { clipboardData: { getData: () => "u-3\nu-1" } });
    save();
    const region = screen.getByLabelText("Ids that cannot be saved");
    expect(within(region).getAllByRole("listitem")).toHaveLength(2);
  });
});
