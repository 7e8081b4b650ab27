/** Disposable databases of the bench. */
export { startClickHouse, startPostgres } from "@telltale/embedded";
