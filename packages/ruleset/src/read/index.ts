export { type Catalogue, type CurrentRuleset, catalogueName, etagOf, type KeyInfo } from "./catalogue.ts";
export { LiveCatalogue, type LiveCatalogueOptions } from "./live-catalogue.ts";
export type { Cause } from "./news.ts";
export type { RulesetReader, RulesetReaderOptions } from "./options.ts";
export { openRulesetReader } from "./reader.ts";
export { inSchema, type RulesetInSchema, SERVED_SCHEMAS, UNNAMED_SCHEMA } from "./schemas/in-schema.ts";
