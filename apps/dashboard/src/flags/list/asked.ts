import type { LastSeen } from "../../query/outputs.ts";

/** When a flag was last evaluated, by environment; an environment without an entry never evaluated it. */
type Asked = ReadonlyMap<string, string>;

/** The same, by flag. */
export function askedByFlag(seen: LastSeen): ReadonlyMap<string, Asked> {
  const byFlag = new Map<string, Map<string, string>>();
  for (const { flag, environment, at } of seen) {
    const asked = byFlag.get(flag) ?? new Map<string, string>();
    byFlag.set(flag, asked.set(environment, at));
  }
  return byFlag;
}

/** When it was last evaluated in an environment, else the last time in any other; undefined when never. */
export function lastAsked(
  asked: Asked | undefined,
  environment: string | undefined,
): { at: string; here: boolean } | undefined {
  if (!asked || asked.size === 0 || environment === undefined) return undefined;
  const here = asked.get(environment);
  if (here !== undefined) return { at: here, here: true };
  const at = [...asked.values()].reduce((last, each) => (Date.parse(each) > Date.parse(last) ? each : last));
  return { at, here: false };
}
