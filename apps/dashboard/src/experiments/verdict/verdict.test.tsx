// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { snapshot } from "../fixtures.ts";
import { beforeData, daysLeftWords, verdictBody, verdictHead } from "./verdict.ts";
import { VerdictCard } from "./verdict-card.tsx";

afterEach(cleanup);
const verdict = snapshot().verdict;
const said = (sentence: string, over: Partial<typeof verdict> = {}) =>
  verdictBody(snapshot({ verdict: { ...verdict, ...over, sentence } }));

describe("verdictHead", () => {
  it.each([
    ["collecting", null, "Collecting", "waiting"],
    ["keep_running", null, "Keep running", "waiting"],
    ["ship", "promise", "Ship promise", "better"],
    ["no_difference", null, "No difference that matters", "neutral"],
    ["roll_back", null, "Roll back", "worse"],
    ["roll_back", "promise", "Roll back promise", "worse"],
    ["mixed", null, "Mixed", "torn"],
    ["do_not_decide", null, "Do not decide yet", "warn"],
  ] as const)("%s of %s: %s", (code, variant, title, tone) =>
    expect(verdictHead({ code, variant })).toEqual({ title, tone }),
  );
});

describe("verdictBody", () => {
  it("does not say the head twice", () => {
    expect(said("Keep running: nothing is decided yet.")).toBe("Nothing is decided yet.");
    expect(said("Keep running. B is ahead.")).toBe("B is ahead.");
  });

  it("leaves a variant's name as it is written, and a sentence that begins otherwise", () => {
    expect(said("Keep running: promise is ahead.")).toBe("promise is ahead.");
    expect(said("Nothing is decided.")).toBe("Nothing is decided.");
    expect(said("Ship promises nothing.", { code: "ship", variant: "promise" })).toBe("Ship promises nothing.");
  });
});

describe("daysLeftWords", () => {
  it("speaks only of days that are left", () => {
    expect([null, 0, 1, 4].map(daysLeftWords)).toEqual([
      undefined,
      undefined,
      "About one more day at the present pace.",
      "About 4 more days at the present pace.",
    ]);
  });
});

describe("beforeData", () => {
  it("says what is waited for", () => {
    const words = (["draft", "running", "ended"] as const).map((status) =>
      beforeData({ status, environment: "production" }),
    );
    expect(words[1]).toContain("in production");
    expect(new Set(words).size).toBe(3);
  });
});

describe("VerdictCard", () => {
  it("tells why, what would change it and how long it takes", () => {
    render(<VerdictCard snapshot={snapshot()} />);
    for (const question of ["Why?", "What would change this?"]) {
      expect(screen.getByText(question).closest("summary")).not.toBeNull();
    }
    expect(screen.getByText("More units.")).toBeTruthy();
    expect(screen.getByText("About 4 more days at the present pace.")).toBeTruthy();
  });
});
