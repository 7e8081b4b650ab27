import type { FlagConfiguration } from "@telltale/configuration";
import type { JsonValue } from "@telltale/sdk";
import { cookieCats } from "./cookie-cats.ts";
import { hillstrom } from "./hillstrom.ts";

/** A demo flag: how it is made, and how it is configured where. */
export interface DemoFlag {
  key: string;
  name: string;
  description: string;
  type: "boolean" | "string" | "number" | "json";
  variants?: { key: string; value: JsonValue }[];
  /** Configuration everywhere; `environments` overrides it in single ones. */
  config: FlagConfiguration;
  environments?: Record<string, Partial<FlagConfiguration>>;
}

const plain = (variant: string, off: string): FlagConfiguration => ({
  on: true,
  off,
  targets: [],
  rules: [],
  serve: { variant },
});

const share = (salt: string, onParts: number): FlagConfiguration["serve"] => ({
  split: {
    by: "targetingKey",
    salt,
    weights: [
      { variant: "on", parts: onParts },
      { variant: "off", parts: 100_000 - onParts },
    ],
  },
});

export const demoFlags: DemoFlag[] = [
  {
    key: "summer-banner",
    name: "Summer banner",
    description: "The banner above the shop. Switch it off in production and watch the open shop.",
    type: "boolean",
    config: plain("on", "off"),
  },
  {
    key: "free-shipping",
    name: "Free shipping",
    description: "Rolled out by percentage. Take it from 10 % to 50 % and watch the crowd.",
    type: "boolean",
    config: { ...plain("on", "off"), serve: share("free-shipping/everyone", 100_000) },
    environments: {
      staging: { serve: share("free-shipping/everyone", 50_000) },
      production: { serve: share("free-shipping/everyone", 10_000) },
    },
  },
  {
    key: "checkout-button",
    name: "Checkout button",
    description: "What the button says; the running experiment is on this flag.",
    type: "string",
    variants: [
      { key: "promise", value: "Buy now, arrives Thursday" },
      { key: "plain", value: "Buy now" },
    ],
    config: plain("plain", "plain"),
  },
  {
    key: "hero-text",
    name: "Hero text",
    description: "The first line of the shop, in German for Germany and Austria.",
    type: "string",
    variants: [
      { key: "english", value: "Everything that keeps you afloat" },
      { key: "german", value: "Alles, was dich über Wasser hält" },
    ],
    config: {
      ...plain("english", "english"),
      rules: [
        {
          id: "german-speakers",
          name: "German speakers",
          when: [{ attribute: "country", op: "in", values: ["DE", "AT"] }],
          serve: { variant: "german" },
        },
      ],
    },
  },
  {
    key: "recommendations",
    name: "Recommendations",
    description: "How many recommended products are shown; more for our own people.",
    type: "number",
    variants: [
      { key: "six", value: 6 },
      { key: "three", value: 3 },
    ],
    config: {
      ...plain("three", "three"),
      rules: [
        { id: "staff", name: "Staff", when: [{ op: "inSegment", segments: ["staff"] }], serve: { variant: "six" } },
      ],
    },
  },
  {
    key: "theme",
    name: "Theme",
    description: "Colours of the shop, as JSON.",
    type: "json",
    variants: [
      { key: "harbour", value: { accent: "#1F5FA8", rounded: true } },
      { key: "classic", value: { accent: "#33405A", rounded: false } },
    ],
    config: plain("harbour", "classic"),
  },
  {
    key: cookieCats.flag,
    name: "Cookie Cats gate",
    description: "Level of the first gate in the mobile game Cookie Cats: a published experiment, replayed.",
    type: "number",
    variants: [
      { key: "gate_40", value: 40 },
      { key: "gate_30", value: 30 },
    ],
    config: plain("gate_30", "gate_30"),
  },
  {
    key: hillstrom.flag,
    name: "Catalogue e-mail",
    description: "Which e-mail a customer gets: a published experiment, replayed.",
    type: "string",
    variants: [
      { key: "no-email", value: "none" },
      { key: "mens", value: "mens" },
      { key: "womens", value: "womens" },
    ],
    config: plain("no-email", "no-email"),
  },
];
