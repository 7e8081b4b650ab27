// @vitest-environment jsdom
import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { HealthStrip } from "./health-strip.tsx";
import { VerdictBanner } from "./verdict-banner.tsx";

afterEach(cleanup);

describe("VerdictBanner", () => {
  it("discloses the answers to its questions", () => {
    const questions = [{ label: "Why?", answer: <p>No guardrail is broken.</p> }];
    render(
      <VerdictBanner tone="better" title="Ship promise" questions={questions}>
        It pays.
      </VerdictBanner>,
    );
    const banner = screen.getByRole("region", { name: "Verdict" });
    expect(within(banner).getByText("Why?").closest("details")?.open).toBe(false);
    expect(within(banner).getByText("No guardrail is broken.").closest("details")).not.toBeNull();
  });
});

describe("HealthStrip", () => {
  const checks = [
    { key: "a", state: "ok" as const, label: "Split", detail: "50.1 : 49.9" },
    { key: "b", state: "pending" as const, label: "Same before", detail: "Nobody has a before." },
    { key: "c", state: "alarm" as const, label: "Rows", detail: "Rows are missing. Look at the queue." },
  ];

  it("says what is broken first and in full, and keeps the sentences of the others for those who ask", () => {
    render(<HealthStrip checks={checks} />);
    expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
      "RowsBrokenRows are missing. Look at the queue.",
      "Same beforeNot enough data yet",
      "SplitOK",
    ]);
    expect(screen.getByText("50.1 : 49.9").closest("details")?.open).toBe(false);
  });

  it("does not promise more data of what has ended", () => {
    render(<HealthStrip checks={checks} live={false} />);
    expect(screen.getByText("Not enough data")).toBeTruthy();
    expect(document.body.textContent).not.toContain("yet");
  });

  it("has no details when every check has spoken", () => {
    render(<HealthStrip checks={checks.slice(2)} />);
    expect(screen.queryByText("Details of the checks")).toBeNull();
  });
});
