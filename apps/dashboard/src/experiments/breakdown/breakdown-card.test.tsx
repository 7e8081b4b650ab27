// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { FakeApi } from "../../query/fakes.tsx";
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
      metrics: [{ key: "purchase", arms: [], comparisons: [{ variant: "promise", comparison: comparison() }] }],
    },
  ],
};
const run = { snapshot: "2", createdAt: new Date(), dataTo: new Date(), engine: "e", isOutdated: false, found };

it("computes a breakdown that nobody has asked for yet, then shows it", async () => {
  let computed = false;
  const asked: unknown[] = [];
  const newest = snapshot();
  render(
    <FakeApi
      answers={{
        "experiment.results": () => ({ analysis: newest, breakdown: computed ? run : null }),
        "experiment.refresh": (input) => {
          asked.push(input);
          computed = true;
          return { request: "7" };
        },
        "experiment.request": () => ({ finishedAt: new Date(), problem: null }),
      }}
    >
      <BreakdownCard
        experiment={experiment()}
        snapshot={newest}
        reading={readingOf(new URLSearchParams("by=country"), newest.settings)}
      />
    </FakeApi>,
  );
  fireEvent.click(await screen.findByRole("button", { name: "Break down by country" }));
  expect(await screen.findByRole("row", { name: /^DE/ })).toBeTruthy();
  expect(asked).toEqual([{ project: "harbour", experiment: "checkout", breakdown: "country" }]);
});
