// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FakeApi } from "../../query/fakes.tsx";
import { EnvSwitch, type EnvSwitchProps } from "./env-switch.tsx";

afterEach(cleanup);
/** jsdom lays nothing out; popovers ask for sizes. */
vi.stubGlobal(
  "ResizeObserver",
  class {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  },
);

/** A click on the switch; what the API was asked to change meanwhile. */
function click(props: Partial<EnvSwitchProps> & { on: boolean; critical: boolean }): unknown[] {
  const { critical, ...rest } = props;
  const changed: unknown[] = [];
  const answers = {
    "flag.usage": () => ({ answers: [], decided: [], sdks: [] }),
    "flag.switch": (input: unknown) => {
      changed.push(input);
      return { revision: 8, sentence: "Turned off." };
    },
  };
  const words = { whenOn: "2 rules, then on 10 %, off 90 %", whenOff: "calm" };
  render(
    <FakeApi answers={answers}>
      <EnvSwitch flag="banner" environment={{ key: "production", critical }} revision={7} {...words} {...rest} />
    </FakeApi>,
  );
  fireEvent.click(screen.getByRole("switch"));
  return changed;
}
const question = () => screen.queryByRole("dialog")?.textContent;

describe("a flag's switch", () => {
  it("says what it serves now and then, in both directions", () => {
    click({ on: false, critical: true });
    expect(question()).toMatch(/Now everyone gets: calm\..*Then: 2 rules, then on 10 %, off 90 %\./);
    cleanup();
    click({ on: true, critical: true });
    expect(question()).toMatch(/Now everyone gets: 2 rules, .*Then: calm\./);
  });

  it("warns of the experiment that it would take its people, in any environment", async () => {
    const changed = click({ on: true, critical: false, experiment: "checkout" });
    expect(question()).toContain("checkout");
    expect(question()).toContain("nobody is assigned");
    fireEvent.click(screen.getByRole("button", { name: "Turn off in production" }));
    await expect.poll(() => changed).toMatchObject([{ on: false, expectedRevision: 7 }]);
  });

  it("asks nothing where nobody relies on it and no experiment runs, nor before it is turned on again", async () => {
    const off = click({ on: true, critical: false });
    await expect.poll(() => off).toMatchObject([{ on: false }]);
    cleanup();
    const on = click({ on: false, critical: false, experiment: "checkout" });
    await expect.poll(() => on).toMatchObject([{ on: true }]);
  });
});
