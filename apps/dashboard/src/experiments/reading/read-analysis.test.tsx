// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { type Answers, FakeApi } from "../../query/fakes.tsx";
import { experiment, metric, snapshot } from "../fixtures.ts";
import { ReadAnalysis } from "./read-analysis.tsx";
import { readingOf } from "./reading.ts";

afterEach(cleanup);
const show = (query: string, answers: Answers, newest = snapshot()) => {
  const reading = readingOf(new URLSearchParams(query), newest.settings);
  render(
    <FakeApi answers={answers}>
      <ReadAnalysis experiment={experiment()} snapshot={newest} reading={reading}>
        {({ metrics }, dataTo) => `${metrics[0]?.name}, data to ${dataTo.toISOString()}`}
      </ReadAnalysis>
    </FakeApi>,
  );
};
const note = /Not as planned: for looking only; the verdict stays the plan's/;

describe("ReadAnalysis", () => {
  it("shows the snapshot as planned, without a question", () => {
    show("lift=absolute", {});
    expect(screen.getByText("Purchase, data to 2026-11-24T14:00:00.000Z")).toBeTruthy();
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
    expect(await screen.findByText(/Purchase, read otherwise, data to 2026-11-24/)).toBeTruthy();
    expect(asked).toEqual([
      { project: "demo/harbour", experiment: "checkout", snapshot: "1", method: "fixed", cuped: false },
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

  it("says that what an earlier version computed cannot be read otherwise", async () => {
    show("engine=fixed", { "experiment.results": () => ({ analysis: null, dataTo: null }) });
    expect(await screen.findByText(/An earlier version computed these numbers/)).toBeTruthy();
  });
});
