import { procedures } from "@telltale/api/server";
import type { Attempt, Scale } from "./attempts.ts";
import type { DashboardWorld } from "./dashboard.ts";

/** What stands in a field instead of what is meant: texts, numbers and forms that code forgets. */
const VALUES: Record<string, unknown> = {
  NUL: "a\0b",
  "half a character": "\ud83d",
  "a name of Object": "__proto__",
  constructor: "constructor",
  "a long text": "a".repeat(30_000),
  "an empty text": "",
  "2 to the 31": 2 ** 31,
  "less than nothing": -1,
  "beyond all": Number.MAX_VALUE,
  "a broken day": "2026-02-30T00:00:00Z",
  nothing: null,
  "a list": [],
  "an object": { constructor: 1, prototype: 2, toString: null },
  levels: JSON.parse(`${"[".repeat(500)}${"]".repeat(500)}`),
};

/** Fields of all procedures with something that fits; each is then replaced in turn. */
const FITTING: Record<string, unknown> = {
  organisation: "demo",
  project: "demo/harbour",
  environment: "production",
  flag: "summer-banner",
  experiment: "checkout-button",
  segment: "staff",
  metric: "purchase",
  key: "summer-banner",
  name: "A name",
  description: "",
  note: "A note",
  type: "json",
  expectedRevision: 1,
  revision: 1,
  on: true,
  by: "country",
  id: "00000000-0000-7000-8000-000000000000",
  snapshot: "00000000-0000-7000-8000-000000000000",
  keyId: "00000000-0000-7000-8000-000000000000",
  audience: "server",
  origins: [],
  variants: [{ name: "on", value: true }],
  config: { on: true, offVariant: "off", serve: { variant: "on" }, rules: [], targets: [], prerequisites: [] },
  definition: { included: [], excluded: [], rules: [] },
  arms: [],
  metrics: [],
  cursor: "a",
  limit: 10,
  days: 7,
};

/** Each procedure with each hostile value in each field, as somebody who may do everything. */
export function procedureAttempts({ url, cookie }: DashboardWorld, scale: Scale): Attempt[] {
  const values = Object.entries(VALUES).slice(0, scale === "whole" ? undefined : 4);
  return procedures.map(({ name, isMutation }) => ({
    name: `procedure ${name}`,
    async run(tally) {
      const send = (input: unknown) => (signal: AbortSignal) => {
        const json = JSON.stringify({ json: input });
        const address = `${url}/api/trpc/${name}`;
        const headers = { cookie, "content-type": "application/json" };
        return isMutation
          ? fetch(address, { method: "POST", body: json, headers, signal })
          : fetch(`${address}?input=${encodeURIComponent(json)}`, { headers, signal });
      };
      for (const [what, value] of values) {
        await tally.ask(`all: ${what}`, send(value));
        for (const field of Object.keys(FITTING)) {
          await tally.ask(`${field}: ${what}`, send({ ...FITTING, [field]: value }));
        }
      }
    },
  }));
}
