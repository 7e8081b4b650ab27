import { describe, expect, it } from "vitest";
import { loadConfig } from "./config.ts";
import { crowdWithFreeShipping } from "./crowd/crowd.ts";
import { contrastWithWhite, THEME, themeOf } from "./theme.ts";
import { countryOf, visitorOf } from "./visitor.ts";

describe("visitorOf", () => {
  const memory = (first: string | null = null) => {
    let kept = first;
    const setItem = (_: string, value: string) => {
      kept = value;
    };
    return { getItem: () => kept, setItem, kept: () => kept };
  };

  it("takes the visitor from the address and does not remember them", () => {
    const storage = memory("u-old");
    const visitor = visitorOf({ search: "?visitor=u-42&country=de&plan=pro", language: "en-US", storage });
    expect(visitor).toEqual({ targetingKey: "u-42", country: "DE", plan: "pro" });
    expect(storage.kept()).toBe("u-old");
  });

  it("remembers a random one", () => {
    const storage = memory();
    const options = { search: "", language: "de", storage, random: () => "u-new" };
    expect(visitorOf(options)).toEqual({ targetingKey: "u-new", country: "DE", plan: "free" });
    expect(visitorOf({ ...options, random: () => "u-other" }).targetingKey).toBe("u-new");
  });

  it("works without storage and with an empty address", () => {
    expect(visitorOf({ search: "?visitor=&country=", language: "", random: () => "u-1" })).toEqual({
      targetingKey: "u-1",
      country: "US",
      plan: "free",
    });
  });

  it.each([
    ["de-AT", "AT"],
    ["fr", "FR"],
    ["not a language", "US"],
  ])("finds the country of %s", (language, country) => {
    expect(countryOf(language)).toBe(country);
  });
});

describe("crowdWithFreeShipping", () => {
  it("asks for a hundred different shoppers", () => {
    const asked: unknown[] = [];
    const client = {
      for: ({ targetingKey }: { targetingKey?: string }) => ({
        value: () => {
          asked.push(targetingKey);
          return targetingKey === "shopper-7";
        },
      }),
    };
    const crowd = crowdWithFreeShipping(client as unknown as Parameters<typeof crowdWithFreeShipping>[0]);
    expect(new Set(asked).size).toBe(100);
    expect(crowd.filter(({ on }) => on)).toEqual([{ shopper: "shopper-7", on: true }]);
  });
});

describe("loadConfig", () => {
  const config = { edgeUrl: "http://e", clientKey: "k", dashboardUrl: "http://d" };
  it("answers the configuration, or undefined for anything else", async () => {
    expect(await loadConfig(async () => Response.json(config))).toEqual(config);
    expect(await loadConfig(async () => Response.json({ edgeUrl: 1 }))).toBeUndefined();
    expect(await loadConfig(async () => Response.json(null))).toBeUndefined();
    expect(await loadConfig(async () => new Response("no", { status: 500 }))).toBeUndefined();
    expect(await loadConfig(() => Promise.reject(new Error("down")))).toBeUndefined();
  });
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
