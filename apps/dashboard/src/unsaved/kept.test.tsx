// @vitest-environment jsdom
import { Toaster } from "@telltale/ui";
import { act, cleanup, render, renderHook, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { useKept, useKeptBelow, useKeptNotice } from "./kept.ts";

afterEach(cleanup);

function keep(address: string, value: string | undefined) {
  const { result } = renderHook(() => useKept<string>(address));
  act(() => result.current[1](value));
}

describe("what was typed", () => {
  it("is found by its place, and by what is below a place", () => {
    keep("segment/shop/staff", "a");
    keep("segment/shop/staff-2", "b");
    expect(renderHook(() => useKeptBelow("segment/shop/")).result.current).toEqual(["staff", "staff-2"]);
    keep("segment/shop/staff", undefined);
    expect(renderHook(() => useKeptBelow("segment/shop/")).result.current).toEqual(["staff-2"]);
    expect(renderHook(() => useKept("segment/shop/staff")).result.current[0]).toBeUndefined();
    keep("segment/shop/staff-2", undefined);
  });

  it("is spoken of when its own page is left, and not for another that begins alike", async () => {
    render(<Toaster />);
    keep("segment/shop/staff-2", "b");
    keep("draft/shop/banner/staging", "c");
    renderHook(() => useKeptNotice("segment/shop/staff", "Changes to staff")).unmount();
    renderHook(() => useKeptNotice("draft/shop/banner/", "Changes to banner")).unmount();
    expect(await screen.findByText(/^Changes to banner are not saved/)).toBeTruthy();
    expect(screen.queryByText(/^Changes to staff /)).toBeNull();
    keep("segment/shop/staff-2", undefined);
    keep("draft/shop/banner/staging", undefined);
  });
});
