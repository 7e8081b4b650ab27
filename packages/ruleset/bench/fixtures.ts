export { createDatabase, startTestPostgres } from "@telltale/testing";
