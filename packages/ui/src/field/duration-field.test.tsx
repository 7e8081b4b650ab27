// @vitest-environment jsdom
import { fireEvent, render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { DurationField, readDuration, writeDuration } from "./duration-field.tsx";

it("reads what people write, and nothing else", () => {
  const read = ["10 min", "90s", "1.5 h", "2,5 d", " 3 days ", "1 M"].map(readDuration);
  expect(read).toEqual([600, 90, 5_400, 216_000, 259_200, 60]);
  for (const text of ["", "10", "min", "-1 h", "1 year", "1e3 s", "10 min 5 s"]) {
    expect(readDuration(text)).toBeUndefined();
  }
});

it("writes what it reads", () => {
  expect([0, 30, 60, 5_400, 7_200, 86_400].map(writeDuration)).toEqual([
    "0 s",
    "30 s",
    "1 min",
    "90 min",
    "2 h",
    "1 d",
  ]);
  for (const seconds of [1, 59, 60, 61, 3_600, 86_401]) expect(readDuration(writeDuration(seconds))).toBe(seconds);
});

it("keeps what is no duration in sight, marked, and changes nothing by it", () => {
  const onChange = vi.fn();
  render(<DurationField label="Hold" value={600} onChange={onChange} />);
  const field = screen.getByLabelText("Hold");
  fireEvent.change(field, { target: { value: "soon" } });
  fireEvent.blur(field);
  expect([field.getAttribute("aria-invalid"), (field as HTMLInputElement).value]).toEqual(["true", "soon"]);
  expect(onChange).not.toHaveBeenCalled();
  fireEvent.change(field, { target: { value: "2 h" } });
  expect(onChange).toHaveBeenCalledWith(7_200);
});
