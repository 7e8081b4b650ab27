// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FakeApi } from "../../query/fakes.tsx";
import { experiment } from "../fixtures.ts";
import { StartStop } from "./start-stop.tsx";

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

describe("stopping an experiment", () => {
  it("says what people will get", () => {
    render(
      <FakeApi answers={{}}>
        <StartStop experiment={experiment({ status: "running", afterStop: "on 10 %, off 90 %" })} />
      </FakeApi>,
    );
    fireEvent.click(screen.getByRole("button", { name: "Stop the experiment" }));
    expect(screen.getByRole("dialog").textContent).toContain("Everyone who is in it gets on 10 %, off 90 % from");
  });
});
