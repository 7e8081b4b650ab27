import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { transformer } from "./transformer.ts";

/** Over the wire and back. */
const travel = (value: unknown): unknown => {
  const text = JSON.stringify(transformer.serialize(value));
  return transformer.deserialize(JSON.parse(text) as Parameters<typeof transformer.deserialize>[0]);
};

describe("what travels between pages and the API", () => {
  it("arrives as it was, whatever its members are called, dates as dates", () => {
    const name = fc.oneof(
      fc.constantFrom("constructor", "prototype", "a.b", "\\", "\\.", "json", "meta", "0"),
      fc.string(),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        tie("list"),
        tie("record"),
      ),
      list: fc.array(tie("value"), { maxLength: 3 }),
      record: fc.dictionary(
        name.filter((key) => key !== "__proto__"),
        tie("value"),
        { maxKeys: 3 },
      ),
    }));
    const at = fc.date({ noInvalidDate: true });
    const page = fc.record({ at, rows: fc.array(fc.record({ "created.at": at, "\\": at, value })), value });
    fc.assert(
      fc.property(page, (sent) => {
        expect(travel(sent)).toEqual(sent);
      }),
    );
  });

  it("may be a date alone, or nothing", () => {
    const date = new Date(0);
    expect([travel(date), travel(undefined), travel(null)]).toEqual([date, undefined, null]);
  });

  it("is read as pages of the release before wrote it", () => {
    expect(transformer.deserialize({ json: { a: null }, meta: { values: { a: ["undefined"] }, v: 1 } })).toEqual({});
  });
});
