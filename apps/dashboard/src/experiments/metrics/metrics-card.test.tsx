// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { arm, experiment, metric, snapshot } from "../fixtures.ts";
import { MetricsCard } from "./metrics-card.tsx";

afterEach(cleanup);
const source = { event: "view", where: [] };
const definition = { kind: "funnel" as const, steps: [source, { ...source, event: "pay" }], withinSeconds: 60 };

it("warns above numbers that cannot be trusted, and names the steps of a funnel", () => {
  const reached = [1_000, 400];
  const funnel = metric({ kind: "funnel", arms: [arm("plain", { reached }), arm("promise", { reached })] });
  const [planned] = [
    {
      ...funnel,
      definition,
      eventName: "view",
      absoluteMargin: null,
      history: null,
      own: { minimumEffect: null, margin: null, absoluteMargin: null },
    },
  ];
  const analysis = snapshot({ metrics: [funnel] });
  render(
    <MetricsCard
      experiment={experiment({ metrics: [planned] })}
      analysis={analysis}
      dataTo={analysis.dataTo}
      lift="relative"
      distrust
    />,
  );
  expect(screen.getByText(/no number below can be trusted/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Details: Purchase, promise" }));
  expect(screen.getByRole("rowheader", { name: "2 pay" })).toBeTruthy();
});
