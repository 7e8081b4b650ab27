// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { type Answers, FakeApi } from "../../query/fakes.tsx";
import { comparison, experiment, snapshot } from "../fixtures.ts";
import { readingOf } from "../reading/reading.ts";
import { BreakdownCard } from "./breakdown-card.tsx";

afterEach(cleanup);
const found = {
  attribute: "country",
  values: [
    {
      value: "DE",
      arms: snapshot().arms,
      split: snapshot().split,
      metrics: [
        { key: "purchase", arms: [], comparisons: [{ variant: "promise", guardrail: null, comparison: comparison() }] },
      ],
    },
  ],
};
const run = { snapshot: "2", createdAt: new Date(), dataTo: new Date(), engine: "e", isOutdated: false, found };

const show = (answers: Answers) => {
  const newest = snapshot();
  render(
    <FakeApi answers={answers}>
      <BreakdownCard
        experiment={experiment()}
        snapshot={newest}
        reading={readingOf(new URLSearchParams("by=country"), newest.settings)}
      />
    </FakeApi>,
  );
};

it("says that nobody has an attribute, instead of a table of nothing", async () => {
  const [value] = found.values;
  const nobody = { ...run, found: { ...found, values: [{ ...value, value: "" }] } };
  show({ "experiment.results": () => ({ analysis: snapshot(), breakdown: nobody }) });
  expect(await screen.findByText("Nobody has country")).toBeTruthy();
  expect(screen.queryByRole("table")).toBeNull();
});

it("computes a breakdown that nobody has asked for yet, then shows it", async () => {
  let computed = false;
  const asked: unknown[] = [];
  show({
    "experiment.results": () => ({ analysis: snapshot(), breakdown: computed ? run : null }),
    "experiment.refresh": (input) => {
      asked.push(input);
      computed = true;
      return { request: "7" };
    },
    "experiment.request": () => ({ finishedAt: new Date(), problem: null }),
  });
  fireEvent.click(await screen.findByRole("button", { name: "Break down by country" }));
  expect(await screen.findByRole("row", { name: /^DE/ })).toBeTruthy();
  expect(asked).toEqual([{ project: "demo/harbour", experiment: "checkout", breakdown: "country" }]);
});
