import fc from "fast-check";
import { expect, it } from "vitest";
import { PROPERTY_BUDGET_MS } from "./property-budget.ts";

it("gives every property test a budget: on a busy machine it tries fewer cases, and does not fail for that", () => {
  expect(fc.readConfigureGlobal()).toMatchObject({ interruptAfterTimeLimit: PROPERTY_BUDGET_MS });
});
