// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { FakeApi } from "../../query/fakes.tsx";
import { experiment, plain } from "../fixtures.ts";
import { SidesChoice } from "./sides-choice.tsx";

afterEach(cleanup);

it("says what better only means and needs, and sets it beside what the experiment sets already", async () => {
  const configure = vi.fn(() => ({ key: "checkout", revision: 3 }));
  const own = experiment({ status: "draft", ownSettings: { looks: 4 } });
  render(
    <FakeApi answers={{ "experiment.configure": configure }}>
      <SidesChoice experiment={own} unitsByOtherSides={31_000} />
    </FakeApi>,
  );
  expect(plain(document.body.textContent)).toContain("leaves harm to the guardrails, and takes 31,000 units");
  fireEvent.click(screen.getByRole("radio", { name: "Better only" }));
  await waitFor(() => expect(configure).toHaveBeenCalled());
  expect(configure.mock.calls[0]).toMatchObject([
    { experiment: "checkout", expectedRevision: 2, settings: { looks: 4, sides: "one" } },
  ]);
});
