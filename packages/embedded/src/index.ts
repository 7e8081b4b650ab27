export { type ClickHouseOptions, type EmbeddedClickHouse, startClickHouse } from "./clickhouse/start.ts";
export { EmbeddedError, type EmbeddedErrorCode } from "./embedded-error.ts";
export { type EmbeddedPostgres, type PostgresOptions, startPostgres } from "./postgres/start.ts";
