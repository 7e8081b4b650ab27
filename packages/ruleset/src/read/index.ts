export { type Catalogue, type CurrentRuleset, etagOf, type KeyInfo, nameOf } from "./catalogue.ts";
export { Holdings, type HoldingsOptions } from "./holdings.ts";
export type { Cause } from "./news.ts";
export type { RulesetReader, RulesetReaderOptions } from "./options.ts";
export { openRulesetReader } from "./reader.ts";
export { inSchema, type RulesetInSchema, SERVED_SCHEMAS, UNNAMED_SCHEMA } from "./schemas/in-schema.ts";
