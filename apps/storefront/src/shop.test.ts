import { createTestClient } from "@telltale/sdk/testing";
import { describe, expect, it } from "vitest";
import { crowdWithFreeShipping } from "./shop/crowd/crowd.ts";
import { contrastWithWhite, THEME, themeOf } from "./shop/theme.ts";
import { countryOf, visitorOf } from "./visitor.ts";

describe("visitorOf", () => {
  const request = { query: {}, acceptLanguage: "de", remembered: "u-old" };

  it("is the one the browser was given before", () => {
    expect(visitorOf(request)).toEqual({ targetingKey: "u-old", country: "DE", plan: "free" });
  });

  it("is the address's where that names one; the first of two", () => {
    const query = { visitor: ["u-42", "u-43"], country: "fr", plan: "pro" };
    expect(visitorOf({ ...request, query })).toEqual({ targetingKey: "u-42", country: "FR", plan: "pro" });
    expect(visitorOf({ ...request, query: { visitor: " ", country: "" } })).toMatchObject({
      targetingKey: "u-old",
      country: "DE",
    });
    expect(visitorOf({ ...request, query: { visitor: "u".repeat(999) } }).targetingKey).toHaveLength(256);
  });

  it.each([
    ["de-AT,de;q=0.9,en;q=0.8", "AT"],
    ["fr", "FR"],
    ["", "US"],
    ["*", "US"],
    ["not a language", "US"],
  ])("finds the country of %j", (language, country) => {
    expect(countryOf(language)).toBe(country);
  });
});

it("asks for a hundred shoppers, the same at every time", () => {
  const client = createTestClient({ flags: { "free-shipping": true } });
  const crowd = crowdWithFreeShipping(client, "now");
  expect(new Set(crowd.map(({ shopper }) => shopper)).size).toBe(100);
  expect(crowd.every(({ on }) => on)).toBe(true);
  client.overrides.set("free-shipping", false);
  const after = crowdWithFreeShipping(client, "now");
  expect(after.some(({ on }) => on)).toBe(false);
  expect(after.map(({ shopper }) => shopper)).toEqual(crowd.map(({ shopper }) => shopper));
});

describe("themeOf", () => {
  it("takes a colour that white text can be read on", () => {
    expect(themeOf({ accent: "#1F5FA8", rounded: false })).toEqual({ accent: "#1F5FA8", rounded: false });
    expect(contrastWithWhite("#000000")).toBeCloseTo(21);
    expect(contrastWithWhite("#767676")).toBeCloseTo(4.54, 2);
  });

  it.each([null, 7, [], {}, { accent: "#ffff00" }, { accent: "red; }" }, { accent: 1, rounded: "no" }])(
    "falls back for %j",
    (value) => expect(themeOf(value)).toEqual(THEME),
  );
});
