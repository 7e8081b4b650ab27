// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { snapshot } from "../fixtures.ts";
import { ReasonList } from "./reason-list.tsx";
import { beforeData, checksToWaitFor, readVerdict } from "./verdict.ts";
import { VerdictCard } from "./verdict-card.tsx";

afterEach(cleanup);
const { verdict } = snapshot();
const read = (code: typeof verdict.code, sentence: string) =>
  readVerdict(snapshot({ verdict: { ...verdict, code, sentence } }));

describe("readVerdict", () => {
  it.each([
    ["collecting", "Collecting: the smallest arm has 12 units.", "Collecting", "waiting"],
    ["keep_running", "Keep running: Purchase +1 %.", "Keep running", "waiting"],
    ["keep_running", "No decision: Purchase +1 %.", "No decision", "waiting"],
    ["ship", "Ship promise: Purchase +8 %.", "Ship promise", "better"],
    ["no_difference", "No difference: any effect is small.", "No difference", "neutral"],
    ["roll_back", "Roll back all: every treatment is worse.", "Roll back all", "worse"],
    ["mixed", "Mixed: Purchase up, but Spend down.", "Mixed", "torn"],
    ["do_not_decide", "Do not decide yet: the split is off.", "Do not decide yet", "warn"],
  ] as const)("%s, %s", (code, sentence, title, tone) => {
    expect(read(code, sentence)).toMatchObject({ title, tone });
  });

  it("does not say the head twice, and leaves a variant's name as it is written", () => {
    expect(read("keep_running", "Keep running: nothing is decided yet.").body).toBe("Nothing is decided yet.");
    expect(read("ship", "Ship promise: promise is ahead.").body).toBe("promise is ahead.");
  });

  it("has words of its own for a sentence without a head", () => {
    const found = read("ship", "Purchase is up by 8 % in promise. Note: a guardrail waits.");
    expect(found).toEqual({
      title: "Ship it",
      tone: "better",
      body: "Purchase is up by 8 % in promise. Note: a guardrail waits.",
    });
  });
});

describe("beforeData", () => {
  it("says what is waited for", () => {
    const words = (["draft", "running", "ended"] as const).map((status) =>
      beforeData({ status, environment: "production", state: { dataTo: null } }),
    );
    expect(words[1]).toContain("in production");
    expect(new Set(words).size).toBe(3);
    const state = { dataTo: new Date() };
    expect(beforeData({ status: "ended", environment: "production", state })).toContain("computed again");
  });
});

describe("VerdictCard", () => {
  it("tells why and what would change it", () => {
    render(<VerdictCard snapshot={snapshot()} status="running" />);
    for (const question of ["Why?", "What would change this?"]) {
      expect(screen.getByText(question).closest("summary")).not.toBeNull();
    }
    expect(screen.getByText("More units.")).toBeTruthy();
  });

  const waiting = snapshot({
    verdict: { ...verdict, code: "ship", variant: "promise", sentence: "Ship promise: Purchase +8 %." },
    health: [
      { check: "split", state: "ok", sentence: "Split as planned.", metric: null, p: 0.5 },
      { check: "missing_rows", state: "pending", sentence: "Too early to miss events.", metric: null, p: null },
    ],
  });

  it("says nothing to act on before the data were checked", () => {
    const { rerender } = render(<VerdictCard snapshot={waiting} status="running" />);
    expect(document.body.textContent).not.toContain("Ship");
    expect(screen.getByText("Verdict pending")).toBeTruthy();
    expect(screen.getByText("Too early to miss events.")).toBeTruthy();
    rerender(<VerdictCard snapshot={waiting} status="ended" />);
    expect(screen.getByText("Ship promise")).toBeTruthy();
  });

  it("waits with good news only, and not for what never comes", () => {
    const held = (code: typeof verdict.code, check: "missing_rows" | "pre_period_difference" = "missing_rows") =>
      checksToWaitFor(code, "running", [check]).length > 0;
    expect([held("ship"), held("no_difference"), held("mixed")]).toEqual([true, true, true]);
    expect([held("roll_back"), held("do_not_decide"), held("keep_running")]).toEqual([false, false, false]);
    expect(held("ship", "pre_period_difference")).toBe(false);
  });

  it("takes reasons as rules with their inputs and the numbers that met them, each once", () => {
    const rule = {
      rule: "A primary metric is better when its p is below the error level.",
      inputs: [{ name: "Lift", value: "+8 %" }],
      finding: "Purchase went up by 8 %.",
    };
    render(<ReasonList reasons={["It is so.", rule, "It is so.", { ...rule }]} />);
    expect(screen.getAllByRole("listitem")).toHaveLength(2);
    expect(screen.getByRole("definition").textContent).toBe("+8 %");
  });
});
