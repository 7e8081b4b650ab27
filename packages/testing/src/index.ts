export { startTestDatabases, type TestDatabases } from "./databases.ts";
export { createEventStore, type TestEventStore } from "./event-store.ts";
export { createDatabase, executeSql, type TestDatabase } from "./postgres.ts";
export { startTestPostgres, type TestPostgres } from "./postgres-server.ts";
export { startWire, type Wire } from "./wire.ts";
