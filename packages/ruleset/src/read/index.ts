export { openRulesetReader, type RulesetReader, type RulesetReaderOptions } from "./reader.ts";
export type { CurrentRuleset, KeyInfo } from "./rows.ts";
