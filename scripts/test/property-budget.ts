import fs from "node:fs";
import { expect } from "vitest";

/** After this a property test stops trying more cases, and passes by those that it tried. */
export const PROPERTY_BUDGET_MS = 60_000;

// Only for files that ask for the library, since it takes a moment to load.
const { testPath } = expect.getState();
if (testPath && fs.readFileSync(testPath, "utf8").includes('"fast-check"')) {
  const { default: fc } = await import("fast-check");
  fc.configureGlobal({ ...fc.readConfigureGlobal(), interruptAfterTimeLimit: PROPERTY_BUDGET_MS });
}
