/**
 * One numbered step of the event store's schema. ClickHouse has no transactions around DDL and no lock to take, so
 * every statement must be harmless when it runs twice or in two processes at once (IF NOT EXISTS, IF EXISTS).
 * An applied step is never edited: the next one changes what it made.
 */
export interface Migration {
  version: number;
  name: string;
  statements: string[];
}
