// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { PercentField } from "./percent-field.tsx";

beforeAll(() => {
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
});
afterEach(cleanup);

interface HostProps {
  start: number;
  onChange: (parts: number) => void;
}

function Host({ start, onChange }: HostProps) {
  const [value, setValue] = useState(start);
  const change = (parts: number) => {
    onChange(parts);
    setValue(parts);
  };
  return <PercentField label="Share of on" value={value} presets={[0, 50, 100]} onChange={change} />;
}

function setup(start: number) {
  const onChange = vi.fn<(parts: number) => void>();
  render(<Host start={start} onChange={onChange} />);
  return { onChange, input: screen.getByRole<HTMLInputElement>("spinbutton", { name: "Share of on" }) };
}

describe("PercentField", () => {
  it("reports parts of 100,000 as one types, comma or point", () => {
    const { onChange, input } = setup(10_000);
    expect(input.value).toBe("10");
    fireEvent.change(input, { target: { value: "50" } });
    expect(onChange).toHaveBeenLastCalledWith(50_000);
    fireEvent.change(input, { target: { value: "12,345" } });
    expect(onChange).toHaveBeenLastCalledWith(12_345);
  });

  it("keeps text that is no percentage, marks it, and returns to the value on leaving", () => {
    const { onChange, input } = setup(10_000);
    fireEvent.change(input, { target: { value: "130" } });
    expect(onChange).not.toHaveBeenCalled();
    expect(input.value).toBe("130");
    expect(input.getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByText("A number from 0 to 100")).toBeTruthy();
    fireEvent.blur(input);
    expect(input.value).toBe("10");
    expect(input.getAttribute("aria-invalid")).toBeNull();
  });

  it("steps by keys: arrows one point, page keys ten, never past the ends", () => {
    const { onChange, input } = setup(95_000);
    fireEvent.keyDown(input, { key: "ArrowUp" });
    expect(onChange).toHaveBeenLastCalledWith(96_000);
    fireEvent.keyDown(input, { key: "PageUp" });
    expect(onChange).toHaveBeenLastCalledWith(100_000);
    fireEvent.keyDown(input, { key: "PageDown" });
    expect(onChange).toHaveBeenLastCalledWith(90_000);
    expect(input.getAttribute("aria-valuenow")).toBe("90");
  });

  it("has presets that show which one holds", () => {
    const { onChange } = setup(0);
    const half = screen.getByRole("button", { name: /^50/ });
    fireEvent.click(half);
    expect(onChange).toHaveBeenLastCalledWith(50_000);
    expect(half.getAttribute("aria-pressed")).toBe("true");
  });
});
