import { getClient, PollingMode, User } from "@configcat/sdk";
import { RULES } from "../scenario.mjs";

export const packageName = "@configcat/sdk";
const rule = (a, c, value, serve) => ({ c: [{ u: { a, c, ...value } }], s: { v: { s: serve } } });
// Comparators: 0 is one of the texts (in clear), 15 is the number greater or equal.
const rules = [
  rule("country", 0, { l: RULES.countries }, "b"),
  rule("plan", 0, { l: [RULES.plan] }, "c"),
  rule("build", 15, { d: RULES.build }, "b"),
];

function settingOf({ kind }) {
  if (kind === "on") return { t: 0, v: { b: true } };
  if (kind === "half")
    return {
      t: 0,
      v: { b: false },
      p: [
        { p: 50, v: { b: true } },
        { p: 50, v: { b: false } },
      ],
    };
  const p = [
    ["a", 50],
    ["b", 25],
    ["c", 25],
  ].map(([s, percent]) => ({ p: percent, v: { s } }));
  return { t: 1, v: { s: "a" }, r: rules, p };
}

export const documentOf = (flags) =>
  JSON.stringify({
    p: { u: "http://127.0.0.1:9", r: 0, s: "salt" },
    f: Object.fromEntries(flags.map((flag) => [flag.key, settingOf(flag)])),
  });
export const contextOf = ({ id, ...custom }) => new User(id, undefined, undefined, custom);

export async function start(text) {
  // Its cache is how a configuration comes in without a network.
  const kept = `${Date.now()}\n"bench"\n${text}`;
  const client = getClient("configcat-sdk-1/1234567890123456789012/1234567890123456789012", PollingMode.ManualPoll, {
    cache: { get: () => kept, set() {} },
    logger: { log() {} },
  });
  await client.waitForReady();
  await client.getAllKeysAsync();
  const snapshot = client.snapshot();
  return { read: (key, context, fallback) => snapshot.getValue(key, fallback, context), stop: () => client.dispose() };
}
