import { expect, it } from "vitest";
import { innerUrl, personUrl } from "./addresses.ts";

it.each([
  ["127.0.0.1", "http://127.0.0.1:4400", "http://localhost:4400"],
  ["0.0.0.0", "http://127.0.0.1:4400", "http://localhost:4400"],
  ["::", "http://[::1]:4400", "http://localhost:4400"],
  ["::1", "http://[::1]:4400", "http://[::1]:4400"],
  ["127.0.0.2", "http://127.0.0.2:4400", "http://127.0.0.2:4400"],
  ["192.0.2.7", "http://192.0.2.7:4400", "http://192.0.2.7:4400"],
  ["flags.internal", "http://flags.internal:4400", "http://flags.internal:4400"],
])("what listens on %s is reached at %s, and opened at %s", (host, inner, person) => {
  expect([innerUrl(host, 4400), personUrl(host, 4400)]).toEqual([inner, person]);
});
