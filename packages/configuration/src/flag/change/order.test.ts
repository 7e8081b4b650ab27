import fc from "fast-check";
import { expect, it } from "vitest";
import { longestAscent } from "./order.ts";

/** The definition, step by step, in n²: of each number, the first of the longest runs that it can be put behind. */
function longestAscentByDefinition(numbers: readonly number[]): Set<number> {
  const length: number[] = [];
  const previous: number[] = [];
  let last = -1;
  for (const [at, number] of numbers.entries()) {
    length[at] = 1;
    previous[at] = -1;
    for (let before = 0; before < at; before++) {
      if ((numbers[before] ?? 0) >= number || (length[before] ?? 0) < (length[at] ?? 0)) continue;
      length[at] = (length[before] ?? 0) + 1;
      previous[at] = before;
    }
    if (last === -1 || (length[at] ?? 0) > (length[last] ?? 0)) last = at;
  }
  const stay = new Set<number>();
  for (let at = last; at >= 0; at = previous[at] ?? -1) stay.add(at);
  return stay;
}

it("leaves where they are what the definition says", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 }), (numbers) => {
      expect(longestAscent(numbers)).toEqual(longestAscentByDefinition(numbers));
    }),
    { numRuns: 500 },
  );
});

it("reads each number a few times, not once for each other", () => {
  let reads = 0;
  const numbers = Array.from({ length: 5_000 }, (_, at) => (at * 2_311) % 5_003);
  const counted = new Proxy(numbers, {
    get(target, name, receiver) {
      if (typeof name === "string" && /^\d+$/.test(name)) reads += 1;
      return Reflect.get(target, name, receiver);
    },
  });
  expect(longestAscent(counted).size).toBeGreaterThan(1);
  expect(reads).toBeLessThan(40 * numbers.length);
});
