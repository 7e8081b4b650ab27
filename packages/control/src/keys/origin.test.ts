import { describe, expect, it } from "vitest";
import { ControlError } from "../door/error.ts";
import { readOrigins } from "./origin.ts";

describe("readOrigins", () => {
  it.each([
    ["https://shop.example/", "https://shop.example"],
    ["https://Shop.Example", "https://shop.example"],
    ["https://shop.example:443", "https://shop.example"],
    ["http://localhost:3000/", "http://localhost:3000"],
    ["https://bücher.example", "https://xn--bcher-kva.example"],
    ["capacitor://localhost", "capacitor://localhost"],
    ["chrome-extension://abcdef/", "chrome-extension://abcdef"],
  ])("reads %s as browsers send it", (text, origin) => {
    expect(readOrigins([text])).toEqual([origin]);
  });

  it("keeps each once", () => {
    expect(readOrigins(["https://a.example", "https://a.example/"])).toEqual(["https://a.example"]);
  });

  it.each([
    "https://shop.example/path",
    "https://shop.example/?a",
    "https://me@shop.example",
    "https://shop.example/#a",
    "mailto:a@shop.example",
    "shop.example",
    "*",
    "null",
    "",
  ])("refuses %j by name", (text) => {
    expect(() => readOrigins(["https://a.example", text])).toThrow(ControlError);
  });
});
