import fc from "fast-check";
import { expect, it } from "vitest";
import { PROPERTY_BUDGET_MS } from "./property-budget.ts";

it("gives every property test a budget: it tries fewer cases on a busy machine, and does not fail for that", () => {
  expect(fc.readConfigureGlobal()).toMatchObject({ interruptAfterTimeLimit: PROPERTY_BUDGET_MS });
  const told = fc.check(
    fc.property(fc.nat(), () => true),
    { interruptAfterTimeLimit: 0 },
  );
  expect(told).toMatchObject({ interrupted: true, failed: false });
});
