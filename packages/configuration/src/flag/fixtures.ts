import type { ConfigServe, FlagConfiguration } from "./configuration.ts";

/** Serves `on` to so many of 100,000, and `off` to the others. */
export const splitOf = (on: number, by = "targetingKey"): ConfigServe => ({
  split: {
    by,
    salt: "s",
    weights: [
      { variant: "on", parts: on },
      { variant: "off", parts: 100_000 - on },
    ],
  },
});

/** On, for ten of a hundred. */
export const tenth: FlagConfiguration = { on: true, off: "off", targets: [], rules: [], serve: splitOf(10_000) };

/** A rule for people in Germany and Austria. */
export const german = {
  id: "de",
  when: [{ attribute: "country", op: "in" as const, values: ["DE", "AT"] }],
  serve: { variant: "on" },
};
