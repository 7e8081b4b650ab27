// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ChipsField, splitList } from "./chips-field.tsx";

afterEach(cleanup);

interface HostProps {
  start: string[];
  onChange: (values: string[]) => void;
}

function Host({ start, onChange }: HostProps) {
  const [values, setValues] = useState(start);
  const change = (next: string[]) => {
    onChange(next);
    setValues(next);
  };
  return <ChipsField label="Values" values={values} onChange={change} />;
}

function setup(start: string[]) {
  const onChange = vi.fn<(values: string[]) => void>();
  render(<Host start={start} onChange={onChange} />);
  return { onChange, input: screen.getByRole<HTMLInputElement>("textbox", { name: "Values" }) };
}

describe("ChipsField", () => {
  it("adds on Enter, on a comma and on leaving; a double is not added", () => {
    const { onChange, input } = setup(["DE"]);
    fireEvent.change(input, { target: { value: "AT" } });
    fireEvent.keyDown(input, { key: "Enter" });
    expect(onChange).toHaveBeenLastCalledWith(["DE", "AT"]);
    fireEvent.change(input, { target: { value: "DE" } });
    fireEvent.keyDown(input, { key: "," });
    expect(onChange).toHaveBeenLastCalledWith(["DE", "AT"]);
    fireEvent.change(input, { target: { value: "CH" } });
    fireEvent.blur(input);
    expect(onChange).toHaveBeenLastCalledWith(["DE", "AT", "CH"]);
  });

  it("takes the last one by Backspace and any one by its button", () => {
    const { onChange, input } = setup(["DE", "AT", "CH"]);
    fireEvent.keyDown(input, { key: "Backspace" });
    expect(onChange).toHaveBeenLastCalledWith(["DE", "AT"]);
    fireEvent.click(screen.getByRole("button", { name: "Remove DE" }));
    expect(onChange).toHaveBeenLastCalledWith(["AT"]);
  });

  it("splits a pasted list", () => {
    const { onChange, input } = setup([]);
    fireEvent.paste(input, { clipboardData: { getData: () => "u-1\nu-2\r\nu-3, u-1" } });
    expect(onChange).toHaveBeenLastCalledWith(["u-1", "u-2", "u-3"]);
  });

  it("draws no more chips than fit an eye", () => {
    setup(Array.from({ length: 100 }, (_, at) => `u-${at}`));
    expect(screen.getAllByRole("button", { name: /^Remove/ })).toHaveLength(40);
    expect(screen.getByText("and 60 more")).toBeTruthy();
  });

  it("has all of a long list as a text that can be edited", () => {
    const { onChange } = setup(Array.from({ length: 100 }, (_, at) => `u-${at}`));
    fireEvent.click(screen.getByRole("button", { name: "Show all 100 as text" }));
    const text = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Values" });
    expect(text.value.split("\n")).toHaveLength(100);
    fireEvent.change(text, { target: { value: "u-1\nu-99\nu-1" } });
    fireEvent.blur(text);
    expect(onChange).toHaveBeenLastCalledWith(["u-1", "u-99"]);
  });
});

describe("splitList", () => {
  it("keeps inner spaces and drops empty pieces", () => {
    expect(splitList("New York; \n\tLyon ,,")).toEqual(["New York", "Lyon"]);
    expect(splitList("  ")).toEqual([]);
  });
});
