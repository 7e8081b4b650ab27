import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonical, isSame } from "./equality.ts";

/** The same value with the members of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([key, part]) => [key, reversed(part)]);
  return Object.fromEntries(members.reverse());
}

describe("isSame", () => {
  it("does not see the order of members", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => isSame(value, reversed(value))));
  });

  it("tells different values apart", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const [x, y] = [a, b].map((value) => JSON.parse(JSON.stringify(value)) as unknown);
        expect(isSame(a, b)).toBe(areDeepEqual(x, y));
      }),
    );
  });

  it("sees the order of lists, and not whether a member is undefined or absent", () => {
    expect([isSame([1, 2], [2, 1]), isSame({ a: undefined }, {}), isSame({ a: null }, {})]).toEqual([
      false,
      true,
      false,
    ]);
    expect(canonical(undefined)).toBe("undefined");
  });
});

function areDeepEqual(a: unknown, b: unknown): boolean {
  try {
    expect(a).toStrictEqual(b);
    return true;
  } catch {
    return false;
  }
}
