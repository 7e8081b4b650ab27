import type { Scale } from "./attempts.ts";

/** Texts that come near to the form that something reads, and then do not fit; each of about `n` characters. */
const TEXTS: Record<string, (n: number) => string> = {
  letters: (n) => `${"a".repeat(n)}!`,
  pairs: (n) => `${"ab".repeat(n / 2)}!`,
  colons: (n) => ":".repeat(n),
  "groups of an address": (n) => "ff:".repeat(n / 3),
  "an address in front of colons": (n) => `::ffff:10.0.0.1${":".repeat(n)}`,
  "colons and dots": (n) => ":.".repeat(n / 2),
  digits: (n) => "1".repeat(n),
  "a version of many ids": (n) => `1.2.3-${"1.".repeat(n / 2)}!`,
  "a version of dashes": (n) => `1.2.3${"-".repeat(n)}+`,
  "a time with a long fraction": (n) => `2026-03-01T12:00:00.${"1".repeat(n)}`,
  "a day that does not exist": () => "2026-02-30T12:00:00Z",
  "at signs and dots": (n) => "a@a.".repeat(n / 4),
  blanks: (n) => `${" ".repeat(n)}x`,
  NUL: (n) => "\0".repeat(n / 6),
  "characters of three bytes": (n) => "€".repeat(n / 3),
  "characters of four bytes": (n) => "😀".repeat(n / 4),
  "halves of characters": (n) => "\ud83d".repeat(n / 6),
  "right to left and joiners": (n) => "\u202e\u200d\u0301".repeat(n / 9),
  "names of Object": () => "__proto__",
};

/** What a visitor's attribute may be instead of a text. */
const VALUES: Record<string, (n: number) => unknown> = {
  "a list of texts": (n) => Array.from({ length: n / 8 }, (_, i) => `${i}`),
  "a list of colons": (n) => Array.from({ length: n / 45 }, () => ":".repeat(40)),
  "lists in lists": () => nested(28),
  "an object": (n) => Object.fromEntries(Array.from({ length: n / 12 }, (_, i) => [`k${i}`, i])),
  "a number beyond all": () => Number.MAX_VALUE,
};

const SIZE = 60_000;

/** By name: what is put into an attribute, within an edge's 64 kB. */
export function hostileValues(scale: Scale): [name: string, value: unknown][] {
  const all = Object.entries<(n: number) => unknown>({ ...TEXTS, ...VALUES });
  const kept =
    scale === "whole"
      ? all
      : all.filter(([name]) => /^(letters|colons|groups|a version of m|NUL|a list of c)/.test(name));
  return kept.map(([name, make]) => [name, make(SIZE)]);
}

/** By name: texts of a length, for headers, paths and fields of events. */
export function hostileTexts(length: number): [name: string, text: string][] {
  return Object.entries(TEXTS).map(([name, make]) => [name, make(length)]);
}

/** JSON of so many levels, as a text: no parser of ours is asked to make it. */
export const levels = (count: number, open = "[", close = "]"): string =>
  `${open.repeat(count)}1${close.repeat(count)}`;

function nested(count: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < count; i++) value = [value];
  return value;
}
