import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSseParser } from "./sse.ts";

function parse(...pieces: string[]): [string, string][] {
  const events: [string, string][] = [];
  const feed = createSseParser((event, data) => events.push([event, data]));
  for (const piece of pieces) feed(piece);
  return events;
}

describe("server-sent events", () => {
  it.each<[string, string, [string, string][]]>([
    ["an event", "event: ruleset\nid: 7\ndata: {}\n\n", [["ruleset", "{}"]]],
    [
      "two events",
      "data: a\n\ndata: b\n\n",
      [
        ["message", "a"],
        ["message", "b"],
      ],
    ],
    ["lines that end in CRLF", "event: x\r\ndata: a\r\n\r\n", [["x", "a"]]],
    ["several data lines", "data: a\ndata: b\n\n", [["message", "a\nb"]]],
    ["no space after the colon", "data:a\n\n", [["message", "a"]]],
    ["one space only is taken away", "data:  a\n\n", [["message", " a"]]],
    ["colons in the data", 'data: {"a":1}\n\n', [["message", '{"a":1}']]],
    ["heartbeats", ": hb\n\n:hb\n\n", []],
    ["how long to wait before connecting again", "retry: 5\n\n", [["retry", "5"]]],
    ["other fields", "data-x: 1\ndatax: 2\ndata: a\n\n", [["message", "a"]]],
    ["a name without data", "event: x\n\ndata: a\n\n", [["message", "a"]]],
    ["a field without a colon", "data\n\n", [["message", ""]]],
    ["an event that is not complete", "data: a\n", []],
  ])("%s", (_name, text, events) => expect(parse(text)).toEqual(events));

  it("in any pieces", () => {
    const text = 'event: ruleset\r\ndata: {"x":"é"}\r\n\r\n: hb\n\ndata: a\ndata: b\n\nevent: e\ndata: c\n\n';
    const cuts = fc.array(fc.nat(text.length)).map((at) => [0, ...at.sort((a, b) => a - b), text.length]);
    fc.assert(
      fc.property(cuts, (at) => {
        expect(parse(...at.slice(1).map((end, i) => text.slice(at[i], end)))).toEqual(parse(text));
      }),
    );
    expect(parse(text)).toHaveLength(3);
  });
});
