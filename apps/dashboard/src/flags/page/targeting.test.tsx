// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { FakeApi } from "../../query/fakes.tsx";
import type { FlagDetail, FlagEnvironment } from "../../query/outputs.ts";
import { Targeting } from "./targeting.tsx";

afterEach(cleanup);
const environment = (revision: number, critical: boolean, off: string, serve: string): FlagEnvironment => ({
  key: "production",
  name: "Production",
  critical,
  revision,
  updatedAt: new Date("2026-11-26T10:00:00Z"),
  config: { on: true, off, targets: [], rules: [], serve: { variant: serve } },
});
const flag = (key: string): FlagDetail => ({
  key,
  name: key,
  type: "string",
  description: "",
  visibility: "client",
  archivedAt: null,
  createdAt: new Date("2026-11-26T10:00:00Z"),
  owner: null,
  variants: ["a", "b", "c"].map((variant) => ({ key: variant, value: variant })),
  environments: [],
  experiments: [],
});

/** A page on which somebody edited revision 7, and somebody else published revision 8 meanwhile. */
function edit(key: string, critical: boolean) {
  const published: unknown[] = [];
  const answers = {
    "flag.list": () => [],
    "flag.usage": () => ({ answers: [], decided: [], sdks: [] }),
    "flag.history": () => [],
    "segment.list": () => [],
    "flag.configure": (input: unknown) => {
      published.push(input);
      return { revision: 9, sentence: "Off variant a → b." };
    },
  };
  const page = (shown: FlagEnvironment) => (
    <FakeApi answers={answers}>
      <Targeting flag={flag(key)} environment={shown} />
    </FakeApi>
  );
  const { rerender } = render(page(environment(7, critical, "a", "a")));
  fireEvent.change(screen.getByRole("combobox", { name: "Variant while off" }), { target: { value: "b" } });
  rerender(page(environment(8, critical, "a", "c")));
  return published;
}
/** The edit of this page, on top of what the other one published. */
const onTop = { expectedRevision: 8, config: { off: "b", serve: { variant: "c" } } };

describe("edits on top of a newer revision", () => {
  it("are published by the button that says so", async () => {
    const published = edit("relaxed", false);
    fireEvent.click(within(screen.getByRole("alert")).getByRole("button", { name: "Publish on top" }));
    await expect.poll(() => published).toMatchObject([onTop]);
  });

  it("are reviewed first where people rely on the environment, and the button says that", async () => {
    const published = edit("strict", true);
    const note = within(screen.getByRole("alert"));
    expect(note.queryByRole("button", { name: "Publish on top" })).toBeNull();
    fireEvent.click(note.getByRole("button", { name: "Review on top" }));
    expect(published).toEqual([]);
    fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Publish to production" }));
    await expect.poll(() => published).toMatchObject([onTop]);
  });

  it("are published out of a review with the comment that was typed", async () => {
    const published = edit("reviewed", false);
    fireEvent.click(screen.getByRole("button", { name: "Review and publish" }));
    const dialog = within(screen.getByRole("dialog"));
    fireEvent.change(dialog.getByRole("textbox", { name: /^Comment/ }), { target: { value: "because" } });
    fireEvent.click(dialog.getByRole("button", { name: "Publish on top" }));
    await expect.poll(() => published).toMatchObject([{ ...onTop, comment: "because" }]);
  });
});
