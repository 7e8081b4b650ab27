// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { metric, snapshot } from "../fixtures.ts";
import { readingOf } from "./reading.ts";
import { ReadingStrip } from "./reading-strip.tsx";

afterEach(cleanup);
const adjusted = metric({ adjustment: { theta: 1, varianceReduction: 0.3 } });
const show = (over: Parameters<typeof snapshot>[0]) => {
  const found = snapshot(over);
  const reading = readingOf(new URLSearchParams(), found.settings);
  render(<ReadingStrip reading={reading} snapshot={found} onChange={() => undefined} />);
};
const choice = () => screen.queryByRole("radiogroup", { name: /CUPED/ });

describe("CUPED", () => {
  it("is a switch only where something was adjusted", () => {
    show({ metrics: [metric(), metric({ key: "b" })] });
    expect(choice()).toBeNull();
    expect(screen.getByText("Nothing before exposure")).toBeTruthy();
  });

  it("says for how many metrics, where not for all", () => {
    show({ metrics: [adjusted, metric({ key: "b" })] });
    expect(choice()).not.toBeNull();
    expect(screen.getByText("1 of 2 metrics")).toBeTruthy();
    cleanup();
    show({ metrics: [adjusted] });
    expect(screen.queryByText(/of 1 metrics/)).toBeNull();
  });

  it("is off where it was not planned", () => {
    const { settings } = snapshot();
    show({ settings: { ...settings, cupedDays: 0 } });
    expect(screen.getByText("Off, not planned")).toBeTruthy();
  });
});

it("names a plan that asks primary metrics for better only", () => {
  const { settings } = snapshot();
  show({ settings });
  expect(screen.queryByText(/one-sided/)).toBeNull();
  cleanup();
  show({ settings: { ...settings, sides: "one" } });
  expect(screen.getByText(/primary metrics one-sided \(found better only\)/)).toBeTruthy();
});
