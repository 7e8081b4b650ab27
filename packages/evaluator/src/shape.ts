import type { Fields, Shape } from "./check.ts";
import { operators } from "./conditions.ts";
import { LINE } from "./hash.ts";
import { RULESET_SCHEMA } from "./ruleset.ts";

const text = /string/;
const whole: Shape = (value: number) => Number.isInteger(value) && value >= 0 && value <= LINE;
const optional = (value: unknown, shape: Shape) => value === undefined || shape;
const only = (names: RegExp) => (value: unknown) => typeof value === "string" && names.test(value);

/** An object with any keys, each value of the same shape. */
const mapOf =
  (shape: Shape): Shape =>
  (value: object) =>
    Object.fromEntries(Object.keys(value).map((key) => [key, shape]));

const ids: Shape = ({ hashed }: Fields) => ({ [hashed ? "hashed" : "values"]: [text] });
const when: Shape = [({ op }: Fields) => operators.get(op)?.[0] ?? { op: false }];
const splitShape: Shape = ({ share }: Fields) => ({
  by: text,
  seed: whole,
  ends: [whole],
  variants: [text],
  share: optional(share, { seed: whole, end: whole }),
  experiment: /string|undefined/,
});
const serve: Shape = ({ split }: Fields): Shape => (split ? { split: splitShape } : { variant: text });

const flag: Shape = ({ type, prerequisites, targets }: { type: string; prerequisites: unknown; targets: unknown }) => ({
  type: only(/^(boolean|string|number|json)$/),
  on: /boolean/,
  variants: mapOf(type === "json" || new RegExp(type)),
  off: text,
  prerequisites: optional(prerequisites, [{ flag: text, variants: [text] }]),
  targets: optional(targets, [{ variant: text, ids }]),
  rules: [{ id: text, when, serve }],
  serve,
});

const segment: Shape = ({ included, excluded }: Fields) => ({
  included: optional(included, ids),
  excluded: optional(excluded, ids),
  rules: [when],
});

/** The shape of a `Ruleset`; names that must exist in it are seen to when it is compiled. */
export const rulesetShape: Shape = {
  schema: (schema: unknown) => schema === RULESET_SCHEMA,
  environment: text,
  audience: only(/^(server|client)$/),
  version: whole,
  digest: text,
  attributes: [text],
  hints: { flushIntervalMs: whole, fastLane: /boolean/ },
  segments: mapOf(segment),
  flags: mapOf(flag),
};
