// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { type Answers, FakeApi } from "../../query/fakes.tsx";
import { experiment, metric, snapshot } from "../fixtures.ts";
import { readingOf } from "../reading/reading.ts";
import { MetricsCard } from "./metrics-card.tsx";

afterEach(cleanup);
const show = (query: string, answers: Answers, newest = snapshot()) => {
  const reading = readingOf(new URLSearchParams(query), newest.settings);
  render(
    <FakeApi answers={answers}>
      <MetricsCard experiment={experiment()} snapshot={newest} reading={reading} />
    </FakeApi>,
  );
};
const note = /Not as planned: for looking only; the verdict stays the plan's/;

describe("MetricsCard", () => {
  it("shows the snapshot as planned, without a question", () => {
    show("lift=absolute", {});
    expect(screen.getByRole("row", { name: /Purchase/ })).toBeTruthy();
    expect(screen.queryByText(note)).toBeNull();
  });

  it("asks for the same snapshot read otherwise, and says that it is for looking only", async () => {
    const asked: unknown[] = [];
    const analysis = snapshot({ asPlanned: false, metrics: [metric({ name: "Purchase, read otherwise" })] });
    show("engine=fixed&cuped=off", {
      "experiment.results": (input) => {
        asked.push(input);
        return { analysis, dataTo: analysis.dataTo };
      },
    });
    expect(screen.getByText(note)).toBeTruthy();
    expect(await screen.findByRole("row", { name: /Purchase, read otherwise/ })).toBeTruthy();
    expect(asked).toEqual([
      { project: "harbour", experiment: "checkout", snapshot: "1", method: "fixed", cuped: false },
    ]);
  });

  it("says what could not be computed", async () => {
    show("engine=fixed", {
      "experiment.results": () => {
        throw new Error("away");
      },
    });
    expect(await screen.findByText("The numbers read so could not be loaded")).toBeTruthy();
  });

  it("warns above numbers that cannot be trusted", () => {
    const { verdict } = snapshot();
    show("", {}, snapshot({ verdict: { ...verdict, code: "do_not_decide" } }));
    expect(screen.getByText(/no number below can be trusted/)).toBeTruthy();
  });
});
