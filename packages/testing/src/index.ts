export { startTestDatabases, type TestDatabases } from "./databases.ts";
export { createEventStore, type TestEventStore } from "./event-store.ts";
export { createDatabase, type TestDatabase } from "./postgres.ts";
